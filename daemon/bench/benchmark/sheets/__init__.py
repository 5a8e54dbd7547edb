"""One dense sheet set by typst as in the center, by WeasyPrint and by reportlab: a program each."""
