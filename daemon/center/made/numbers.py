"""個人番号 of nobody: twelve digits of which the last, the check digit, is wrong on purpose. Pure."""


def no_mynumber(eleven: int) -> str:
    """Nobody's number that begins with these eleven digits."""
    digits = f"{eleven:011}"
    return f"{digits}{(check_digit(digits) + 1) % 10}"


def check_digit(eleven: str) -> int:
    """As the ministerial order on the 個人番号 (平成26年総務省令第85号) computes it."""
    total = sum(
        int(digit) * (place + 1 if place <= 6 else place - 5)
        for place, digit in enumerate(reversed(eleven), start=1)
    )
    return 0 if total % 11 <= 1 else 11 - total % 11
