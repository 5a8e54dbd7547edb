"""What stands on the back of a sheet, to the letter. Pure.

Words that are always the same, certificate number and n/N, and codes that are not text: a name has no place
there, and so the kiosk, which cannot read the codes, sees at once when there is one (P6).
"""

TITLE = "偽造・改ざん防止情報"
ABOUT = (
    "二次元コードには、おもて面の記載事項とその発行者の電子署名が入っています。"
    "提出を受けた方は、発行した市区町村にお問い合わせのうえ、おもて面と同じ内容であることを確かめられます。",
    "このコードは、複写したものからも読み取れます。原本であることは、複写すると両面に浮かびあがる「複写」の文字が"
    "見えないことと、証明書固有番号の照会によってお確かめください。",
    "証明書が複数枚のときは、ページ番号と証明書固有番号で1通(1セット)です。1通(1セット)で有効な証明書となります。",
)
NUMBER_LABEL = "証明書固有番号"
SAMPLE_MARK = "見本"


def place(page: int, total: int) -> str:
    """n/N."""
    return f"{page}/{total}"


def is_back(text: str, number: str, page: int, total: int, sample: bool) -> bool:
    """Whether a page that reads like this is the back of that sheet, and says nothing besides."""
    words = [SAMPLE_MARK] * 2 * sample + [TITLE, *ABOUT, NUMBER_LABEL, number, place(page, total)]
    rest = _letters(text)
    for one in sorted(map(_letters, words), key=len, reverse=True):
        if one not in rest:
            return False
        rest = rest.replace(one, "\n", 1)
    return not rest.strip()


def _letters(text: str) -> str:
    return "".join(text.split())
