"""Certificates as PDF: facts become fields (pure), and typst sets the fields in assets/certificates."""
