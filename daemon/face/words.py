"""Words of our Chinese and Japanese texts, so that no line ends inside one. Pure.

Chinese may break between any two characters, and a reader who meets 然 at the end of one line and 后 at the
beginning of the next still stumbles. A dictionary of the language would be larger than the kiosk; these are
the words that our texts have. A word that is missing here is cut as before, never lost.

Japanese breaks by a rule of its own (`linebreak`): its list has only the words that the rule would cut.
"""

import re
from collections.abc import Iterator

SIMPLIFIED = """
个人编号卡 市区町村 证明书 住民票 工作人员 便利店 使用登记 家庭成员 户籍首位者 亲属关系
办事处 手续费 原籍地 本籍地 智能手机 上一页 下一页 下一画面 第一个 身份证件 其他 卡片 副本
印章 登记 领取 户籍 附票 申请 居住 现居住 居住地 按钮 左侧 服务 项目 办理 进行 只需
即可 使用 之后 然后 如果 如要 如需 如有 并且 请按 选择 所需 所载 发放 人员 放置处 放置
取走 忘记 注意 遗留 妥善 保管 读取 正在 请勿 移动 不再 拿起 重新 放好 住址 不同 需要
密码 输入 数字 锁定 记载 事项 所得 课税 纳税 没有 类别 本人 全体 部分 年度 户主 份数
最多 确认 内容 更正 返回 种类 变更 证明 可能 尚未 反映 提交 申报 无法 不能 更换 不予
金额 应付 投入 不足 找零 打印 钱币 退还 钱款 付款 离开 稍候 片刻 制作 呼叫 页码 固有
编号 不要 遗漏 收据 感谢 即将 结束 继续 触摸 屏幕 达到 时间 上限 从头 开始 现在 目前
告知 顾客 支付 咨询 错误 维护 为止 长时间 由于 操作 处理 当前 今天 停止 日期 收取 任何
费用 中止 失败 未能 交付 未满 电子 证书 签发 以下 设定 人脸 认证 有效期 更新 失效 信息
送达 稍后 再试 中心 通信 含有 文字 窗口 零钱 正好 现金 通过 画面 受理 机关 发送 完成
结果 申领 携带 说明 查看 屏幕上 前一位 需先 无需 全部 个人 抄本 誊本 收入 刚办理 进入
延长
"""
TRADITIONAL = """
個人編號卡 市區町村 證明書 住民票 工作人員 便利商店 使用登記 家庭成員 戶籍首位者 親屬關係
公所 手續費 本籍地 智慧型手機 上一頁 下一頁 下一畫面 第一個 身分證明 文件 其他 卡片 副本
印鑑 登錄 登記 領取 戶籍 附票 申請 居住 現居住 居住地 按鈕 左側 服務 項目 辦理 進行
只需 即可 使用 之後 然後 如果 如要 如需 如有 請按 選擇 所需 所載 核發 人員 放置處 放置
取走 忘記 注意 遺留 妥善 保管 讀取 正在 請勿 移動 不再 拿起 重新 放好 住址 不同 需要
密碼 輸入 數字 鎖定 記載 事項 所得 課稅 納稅 沒有 類別 本人 全體 部分 年度 戶主 份數
最多 確認 內容 更正 返回 種類 變更 證明 可能 尚未 反映 提交 申報 無法 不能 不得 更換
不予 金額 應付 投入 不足 找零 列印 錢幣 退還 款項 付款 離開 稍候 片刻 製作 呼叫 頁碼
固有 編號 不要 遺漏 收據 感謝 即將 結束 繼續 觸摸 螢幕 達到 時間 上限 從頭 開始 現在
目前 告知 顧客 支付 洽詢 錯誤 維護 為止 長時間 由於 操作 處理 今天 停止 日期 收取 任何
費用 中止 失敗 未能 交付 未滿 電子 憑證 以下 設定 臉部 認證 有效期限 更新 失效 資訊
送達 稍後 再試 中心 通訊 含有 文字 窗口 零錢 剛好 現金 透過 畫面 受理 機關 傳送 完成
結果 申領 攜帶 說明 查看 螢幕上 前一位 需先 無需 全部 個人 抄本 謄本 剛辦理 進入 延長
日圓 可以 輸錯 此項 取下 之前 不收
"""
JAPANESE = """
やり直 つり銭 スマホ用 これ以降 もう一度 コンビニ交付 カード置場 ページ番号 交付サービス
"""


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile("|".join(sorted(words.split(), key=len, reverse=True)))


WORDS = {"ja": _pattern(JAPANESE), "zh-Hans": _pattern(SIMPLIFIED), "zh-Hant": _pattern(TRADITIONAL)}


def inside_words(text: str, language: str) -> Iterator[int]:
    """The places in this text that lie inside a word."""
    if language in WORDS:
        for word in WORDS[language].finditer(text):
            yield from range(word.start() + 1, word.end())
