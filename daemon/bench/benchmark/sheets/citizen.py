"""Somebody whose 住民票 is as full as they get, with three kanji that are others without their selector."""

from datetime import date

from daemon.center.documents.certificate import Letterhead
from daemon.center.facts import Address, Resident

DAY = date(2026, 4, 1)
NAME = "渡邉\U000e0111葛\U000e0104辻\U000e0102 喜右衛門之介"
VARIANTS = ("邉\U000e0111", "葛\U000e0104", "辻\U000e0102")
"""Each looks different from its kanji alone in IPAmj Mincho."""
HOME = "富山県高岡市伏木古国府九丁目9999番地9999 ふしきこくふハイツ・ヴィラリバーサイド第二9999号"
LETTERHEAD = Letterhead("住民票の写し", "富山県高岡市長", DAY, sample=True)
CITIZEN = Resident(
    id=1,
    name=NAME,
    kana="わたなべかつらがわつじはら きえもんのすけ",
    born=date(1955, 12, 31),
    sex="男",
    relation="世帯主の長男の妻の父",
    resident_since=date(1989, 1, 8),
    mynumber="1234 5678 9012",
    here=True,
    head="長宗我部勘解由小路 左衛門尉喜久治郎",
    honseki="富山県富山市新桜町九千九百九十九番地九千九百九十九",
    hittosha="勅使河原勘解由小路 五郎左衛門",
    address=Address(HOME, date(1989, 1, 8), date(1989, 1, 20)),
    previous="北海道石狩市花川北九条九丁目9999番地9999 はなかわサニーハイツ弐番館9999号",
    former_name="長宗我部勘解由小路",
)
