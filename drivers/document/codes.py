"""The numbers of IPP that the kiosk and its virtual printer use: operations, statuses, states (RFC 8011)."""

VALIDATE_JOB, CREATE_JOB, SEND_DOCUMENT, CANCEL_JOB = 0x0004, 0x0005, 0x0006, 0x0008
GET_JOB, GET_JOBS, GET_PRINTER = 0x0009, 0x000A, 0x000B
CANCEL_MY_JOBS = 0x0039  # PWG 5100.11

# Status codes; below 0x0100 is success.
OK = 0x0000
BAD_REQUEST, NOT_POSSIBLE, NOT_FOUND = 0x0400, 0x0404, 0x0406
FORMAT_REFUSED, VALUES_REFUSED = 0x040A, 0x040B
OPERATION_UNSUPPORTED, VERSION_UNSUPPORTED, NOT_ACCEPTING, BUSY = 0x0501, 0x0503, 0x0506, 0x0507
STATUS_NAMES = {
    OK: "successful-ok",
    BAD_REQUEST: "client-error-bad-request",
    NOT_POSSIBLE: "client-error-not-possible",
    NOT_FOUND: "client-error-not-found",
    FORMAT_REFUSED: "client-error-document-format-not-supported",
    VALUES_REFUSED: "client-error-attributes-or-values-not-supported",
    OPERATION_UNSUPPORTED: "server-error-operation-not-supported",
    VERSION_UNSUPPORTED: "server-error-version-not-supported",
    NOT_ACCEPTING: "server-error-not-accepting-jobs",
    BUSY: "server-error-busy",
}

JOB_PENDING, JOB_HELD, JOB_PROCESSING, JOB_STOPPED = 3, 4, 5, 6
JOB_CANCELED, JOB_ABORTED, JOB_COMPLETED = 7, 8, 9
PRINTER_IDLE, PRINTER_PROCESSING, PRINTER_STOPPED = 3, 4, 5

PDF = "application/pdf"
A4 = "iso_a4_210x297mm"
LONG_EDGE = "two-sided-long-edge"


def status_name(code: int) -> str:
    """A status by its name, for logs and faults."""
    return STATUS_NAMES.get(code, "status 0x{:04x}".format(code))
