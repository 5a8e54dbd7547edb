"""What the virtual printer says of itself that never changes: what RFC 8011 requires, and some more."""

from drivers.document import codes
from drivers.document.attributes import (
    CHARSET,
    COLLECTION,
    INTEGER,
    KEYWORD,
    LANGUAGE,
    MIME_TYPE,
    NAME,
    RANGE,
    RESOLUTION,
    TEXT,
    URI,
    Attribute,
    Group,
    attribute,
)

MODEL = "Madoguchi Virtual Printer"
DEVICE_ID = "MFG:Madoguchi;MDL:Virtual Printer;CMD:PDF;SN:VP-0001;"
FIRMWARE = "1.0"
SIDES = ("one-sided", codes.LONG_EDGE, "two-sided-short-edge")
SCALING = ("auto", "none")
COLOUR = ("monochrome",)
RESOLUTIONS = ((600, 600, 3),)
A4_SIZE = (21000, 29700)  # hundredths of a millimetre


def description(uri: str, uuid: str) -> list[Attribute]:
    """uri: as the client wrote it."""
    return [
        attribute("printer-uri-supported", URI, uri),
        attribute("uri-security-supported", KEYWORD, "tls" if uri.startswith("ipps:") else "none"),
        attribute("uri-authentication-supported", KEYWORD, "none"),
        attribute("printer-uuid", URI, uuid),
        attribute("printer-name", NAME, MODEL),
        attribute("printer-make-and-model", TEXT, MODEL),
        attribute("printer-info", TEXT, "a printer without paper"),
        attribute("printer-location", TEXT, ""),
        attribute("printer-more-info", URI, uri),
        attribute("printer-device-id", TEXT, DEVICE_ID),
        attribute("printer-firmware-string-version", TEXT, FIRMWARE),
        attribute("charset-configured", CHARSET, "utf-8"),
        attribute("charset-supported", CHARSET, "utf-8"),
        attribute("natural-language-configured", LANGUAGE, "en"),
        attribute("generated-natural-language-supported", LANGUAGE, "en"),
        attribute("ipp-versions-supported", KEYWORD, "1.1", "2.0"),
        attribute("compression-supported", KEYWORD, "none"),
        attribute("pdl-override-supported", KEYWORD, "attempted"),
        attribute("document-format-default", MIME_TYPE, codes.PDF),
        attribute("media-supported", KEYWORD, codes.A4),
        attribute("media-ready", KEYWORD, codes.A4),
        attribute("media-default", KEYWORD, codes.A4),
        attribute("media-col-default", COLLECTION, _a4()),
        attribute("sides-supported", KEYWORD, *SIDES),
        attribute("sides-default", KEYWORD, SIDES[0]),
        attribute("copies-supported", RANGE, (1, 1)),
        attribute("copies-default", INTEGER, 1),
        attribute("print-scaling-supported", KEYWORD, *SCALING),
        attribute("print-color-mode-supported", KEYWORD, *COLOUR),
        attribute("printer-resolution-supported", RESOLUTION, *RESOLUTIONS),
    ]


def _a4() -> Group:
    x, y = A4_SIZE
    size = [attribute("x-dimension", INTEGER, x), attribute("y-dimension", INTEGER, y)]
    return Group(COLLECTION, [attribute("media-size", COLLECTION, Group(COLLECTION, size))])
