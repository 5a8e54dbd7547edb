"""Every Japanese string of the two municipal documents stands on the kiosk to the letter (に and へ too).

The list is REQUIREMENTS §1–3, screen by screen; T: the Takaoka manual, I: the Ishikari page.
"""

from collections.abc import Mapping

import pytest

from tests.face.test_texts import TEXTS

CONFIRM = "「確定する」ボタンを押してください。"
WORDS = {
    # 1, 2
    "service.start": "行政サービス",
    "menu.title": "行政サービス",
    "menu.prompt": "メニューを選択してください。",
    "menu.issue": "証明書交付サービス(コンビニ交付)",
    "menu.issue.desc": "「住民票の写し」、「印鑑登録証明書」等の交付を受けられるサービスです。",
    "menu.register": "戸籍証明書交付の利用登録申請",
    "menu.register.desc": (
        "証明書交付サービスにおいて、①戸籍証明書の交付を受けようとする場合で、かつ、②あなたのお住まいの市区町村と、"
        "本籍地のある市区町村が異なる場合には、左のボタンをクリックし、利用登録申請を行ってください。"
    ),
    "menu.register.note1": (
        "※ 戸籍証明書交付の利用登録申請は、1回のみ必要です。"
        "登録後、交付サービスを受けることが可能となります。"
    ),
    "menu.register.note2": (
        "※ 利用登録申請から本籍地のある市区町村における登録完了まで、概ね5日程度かかります。"
    ),
    "btn.quit_menu": "終了",
    # 4 to 11
    "title.issue": "証明書交付サービス",
    "btn.finish": "終了する",
    "btn.back": "前画面へ",
    "btn.confirm": "確定する",
    "btn.cancel": "中止する",
    "btn.correct": "訂正",
    "lang.names": "日本語|English|한국어|中文(简体字)|中文(繁體字)|Español|Português",
    "muni.prompt": f"必要な証明書を選択して{CONFIRM}",
    "muni.own": "お住まいの市区町村の証明書",
    "muni.other": "他市区町村の証明書(お住まいの市区町村以外の証明書)",
    "muni.other.note": (
        "住所地と本籍地が異なる方が「戸籍証明書」「戸籍の附票の写し」を必要とされる場合に選択してください。"
    ),
    "pin.prompt": "暗証番号を入力してください。",
    "pin.label": "暗証番号",
    "card.remove": "カードを取り外すと、次の画面に進みます。",
    "card.keep": "カードはこれ以降使わないので、各自で保管してください。",
    "cert.juminhyo": "住民票の写し",
    "cert.inkan": "印鑑登録証明書",
    "cert.koseki": "戸籍証明書",
    "cert.fuhyo": "戸籍の附票の写し",
    "cert.shotoku_kazei": "所得・課税証明書",
    "cert.kisaijiko": "住民票記載事項証明書",
    "scope.prompt": f"交付種別を選択して{CONFIRM}",
    "scope.self": "本人のみ",
    "scope.all": "世帯全員",
    "scope.part": "世帯の一部",
    "scope.koseki_all": "全部事項証明(謄本)",
    "scope.koseki_one": "個人事項証明(抄本)",
    "items.prompt": f"証明書の記載項目を選択して{CONFIRM}",
    "items.head": "世帯主・続柄の記載",
    "items.honseki": "本籍地・筆頭者の記載",
    "items.mynumber": "個人番号の記載",
    "items.yes": "有",
    "items.no": "無",
    "copies.prompt": f"必要な部数を入力し、{CONFIRM}",
    "copies.label": "部数",
    "copies.max": "(最大 10 部)",
    "confirm.prompt": (f"発行内容を確認して{CONFIRM}訂正を行う場合は「前画面へ」ボタンを押してください。"),
    "confirm.type": "証明書種別",
    "confirm.copies": "必要部数",
    "unit.copies": "3部",
    "confirm.fee": "手数料",
    "unit.yen": "600円",
    "confirm.persons": "証明書の必要な方",
    # notices of 7 and 11 (I)
    "note.fuhyo": "住所異動された直後は、異動内容が証明書に反映されていない場合があります。",
    "note.koseki_pending": (
        "戸籍の届出をされた場合は、届出内容が戸籍に反映されるまで証明書を取得することができません。"
    ),
    # 14
    "take.title": "取り忘れの確認",
    # E1 to E5
    "err.card": "ご利用いただけないカードです。市区町村にお問合せください。",
    "err.underage": "※15歳未満の方はコンビニ交付サービスを利用できません。",
    "err.expired": "有効期間を過ぎてしまった場合は、更新が必要です。",
    "err.pin_wrong": "暗証番号が間違っております。",
    "err.pin_locked": "暗証番号ロック中のため、ご利用いただけません。市区町村へお問合せください。",
    "err.maintenance": (
        "富山県高岡市は4月1日5時までメンテナンス中のため、サービスをご利用いただけません。"
        "市区町村にお問合せください。"
    ),
    "err.timeout": "無操作タイムアウトにより処理を終了します。",
}
VALUES: Mapping[str, Mapping[str, str | int]] = {
    "menu.register.note2": {"days": 5},
    "copies.max": {"n": 10},
    "unit.copies": {"n": 3},
    "unit.yen": {"n": 600},
    "err.maintenance": {"pref": "富山県", "city": "高岡市", "month": 4, "day": 1, "hour": 5},
}
PARTS = {
    "take.cert": "証明書を取り出します。",
    "err.excluded": "これらのカードではご利用できません",
    "reg.phone": "スマホ用電子証明書では戸籍証明書の利用登録申請は行えません。",
    "err.bring": "本人確認書類1点",
}
"""What a longer text of ours holds."""


@pytest.mark.parametrize("key", WORDS)
def test_the_words_of_the_seeds_are_to_the_letter(key: str) -> None:
    assert TEXTS.text(key, "ja", **VALUES.get(key, {})) == WORDS[key]


@pytest.mark.parametrize("key", PARTS)
def test_a_text_of_ours_keeps_the_seed_s_words(key: str) -> None:
    assert PARTS[key] in TEXTS("ja")._texts[key]
