"""What a file's columns may mean, by grain, and what they are often called. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence

from core.tables.headers import fold
from sales import measures

PERSON, PRODUCT, MEASURE, STAGE, OUTCOME = "person", "product", "measure", "stage", "outcome"
KINDS = (PERSON, PRODUCT, STAGE, MEASURE)
"""What cells name by words: each is matched with something that is here."""

DEALS: Mapping[str, Sequence[str]] = {
    "external_id": (
        *("商談ID", "案件ID", "商談番号", "案件番号", "案件No", "案件コード", "商談コード", "ID", "オポチュニティID"),
        *("Opportunity ID", "Deal ID", "Record ID", "Opportunity Number", "External ID"),
    ),
    PERSON: (
        *("担当者ID", "担当者メール", "担当者メールアドレス", "担当者", "営業担当", "営業担当者"),
        *("商談所有者", "案件担当者", "所有者"),
        *("担当", "主担当", "担当営業", "商談担当", "案件担当", "担当者名", "営業担当者名", "担当営業名"),
        *("Rep ID", "Owner Email", "Owner", "Opportunity Owner", "Deal Owner"),
        *("Rep", "Sales Rep", "Salesperson", "Owner Name", "Assigned To"),
    ),
    PRODUCT: (
        *("商品コード", "製品コード", "商品", "製品", "商品名", "製品名", "商材", "サービス", "プラン"),
        *("Product Code", "Product", "Product Name", "Service"),
    ),
    "opened_at": (
        *("商談開始日", "作成日", "商談作成日", "案件作成日", "登録日", "作成日時", "商談化日", "発生日", "開始日"),
        *("Created Date", "Create Date", "Created", "Opened", "Opened At", "Open Date", "Creation Date"),
    ),
    STAGE: (
        *("フェーズ", "ステージ", "商談フェーズ", "商談ステージ", "案件フェーズ", "状態", "ステータス", "確度"),
        *("段階", "商談段階", "案件段階", "進捗", "進捗状況", "商談ステータス", "案件ステータス"),
        *("Stage", "Deal Stage", "Phase", "Status", "Stage Name"),
    ),
    OUTCOME: (
        *("結果", "商談結果", "案件結果", "受注・失注", "受注/失注", "受注失注", "受失注", "勝敗"),
        *("Outcome", "Result", "Won or Lost", "Won/Lost"),
    ),
    "stage_at": (
        *("フェーズ更新日", "フェーズ変更日", "ステージ変更日", "ステージ更新日"),
        *("Last Stage Change Date", "Stage Date", "Stage Changed", "Stage Change Date"),
    ),
    "appointment_at": (
        *("アポイント日", "アポ日", "アポ獲得日", "初回訪問日", "初回商談日"),
        *("Appointment", "Appointment Date", "First Meeting", "First Meeting Date"),
    ),
    "qualified_at": (
        *("有効商談日", "有効商談化日", "ヒアリング日", "Qualified", "Qualified Date", "Qualified Meeting"),
    ),
    "proposal_at": ("提案日", "見積日", "見積提出日", "Proposal", "Proposal Date", "Quote Date"),
    "closed_at": (
        *("受注日", "失注日", "完了日", "完了予定日", "クローズ日", "契約日", "成約日", "決定日", "受注日・失注日"),
        *("Close Date", "Closed", "Closed At", "Closed Date", "Won Date", "Decision Date"),
    ),
    "amount": (
        *("金額", "受注金額", "受注額", "商談金額", "案件金額", "売上", "売上金額", "契約金額", "見込金額"),
        *("Amount", "Deal Amount", "Value", "Deal Value", "Revenue", "Won Amount"),
    ),
    "currency": ("通貨", "通貨コード", "Currency", "Currency Code", "Currency ISO Code"),
    "reason": (
        *("失注理由", "理由", "敗因", "Loss Reason", "Lost Reason", "Closed Lost Reason", "Reason", "Reason Lost"),
    ),
}  # fmt: skip

ACTIVITIES: Mapping[str, Sequence[str]] = {
    "day": (
        *("日付", "活動日", "実施日", "日", "年月日", "対象日", "架電日"),
        *("Date", "Day", "Activity Date", "Date of Activity"),
    ),
    PERSON: DEALS[PERSON],
    PRODUCT: DEALS[PRODUCT],
    MEASURE: ("指標", "活動種別", "活動", "種別", "項目", "Measure", "Activity", "Activity Type", "Type"),
    "count": ("件数", "回数", "数", "実績", "Count", "Number", "Quantity", "Total"),
    measures.CALLS: (
        *("架電数", "架電", "架電件数", "コール数", "電話", "電話数", "電話件数", "発信数", "発信件数"),
        *("Calls", "Dials"),
    ),
    measures.KEY_PERSONS: (
        *("キーパーソン接触数", "キーパーソン接触", "キーパーソン接触件数", "キーマン接触数"),
        *("キーマン接触", "キーマン接触件数", "キーマン", "決裁者接触", "決裁者接触数", "決裁者接触件数"),
        *("担当者接触数", "担当者接触件数"),
        *("Key Persons", "Key-person contacts", "Decision Makers", "Key Contacts"),
    ),
    measures.LEADS: ("リード", "リード数", "リード件数", "見込客", "見込み客", "見込み客数", "Leads", "Lead Count"),
    measures.APPOINTMENTS: (
        *("アポイント", "アポ", "アポ数", "アポ件数", "アポイント数", "アポイント件数", "アポ獲得数", "アポ獲得件数"),
        *("Appointments", "Meetings", "Meetings Booked", "Appointments Set"),
    ),
    measures.QUALIFIED: (
        *("有効商談", "有効商談数", "有効商談件数"),
        *("Qualified", "Qualified meetings", "Qualified Opportunities"),
    ),
}  # fmt: skip

OF_GRAIN = {measures.OPPORTUNITY: DEALS, measures.ACTIVITY: ACTIVITIES}

_ASIDE = re.compile(r"[(（\[【].{0,80}?[)）\]】]")


def by_name(grain: str) -> dict[str, tuple[int, str]]:
    """Return what each known name means, and how early it stands: an id says more than a name."""
    return {
        fold(name): (rank, key)
        for key, names in OF_GRAIN[grain].items()
        for rank, name in enumerate(names)
    }


def suggest(
    header: Sequence[str], grain: str, remembered: Mapping[str, str] | None = None
) -> dict[str, int]:
    """Return which column probably means what: what is remembered of the source, else what names tell.

    Of two columns that could mean the same the one with the more telling name is taken.
    """
    known = by_name(grain)
    found: dict[str, tuple[int, int]] = {}
    for index, cell in enumerate(header):
        name = fold(cell)
        if remembered and name in remembered:
            if remembered[name]:
                found.setdefault(remembered[name], (-1, index))
            continue
        hit = known.get(name) or known.get(fold(_ASIDE.sub("", cell)))
        if hit and (hit[1] not in found or hit[0] < found[hit[1]][0]):
            found[hit[1]] = (hit[0], index)
    return {key: index for key, (_rank, index) in found.items()}


def is_header(
    cells: Sequence[str], grain: str, remembered: Mapping[str, str] | None = None
) -> bool:
    """Say whether a row names columns: two that are known, or were brought before. A title names none."""
    return len(suggest(cells, grain, remembered)) >= 2


def missing(keys: Iterable[str], grain: str, *, product: bool) -> list[str]:
    """Return the columns that are not there and without which nothing can be told. `product`: one is named for all."""
    have = set(keys)
    if (
        grain == measures.OPPORTUNITY
    ):  # what is not told of a deal stays; a new one lacks it, and says so
        return [] if "external_id" in have else ["external_id"]
    left = [key for key in ("day", PERSON) if key not in have]
    left += [] if product or PRODUCT in have else [PRODUCT]
    if have.isdisjoint(measures.COUNTED):
        left += [key for key in (MEASURE, "count") if key not in have]
    return left


def lacking_for_new(keys: Iterable[str], grain: str, *, product: bool) -> list[str]:
    """Return the columns that are not there and without which no new deal can be told. `product`: as above."""
    if grain != measures.OPPORTUNITY:
        return []
    have = set(keys) | ({PRODUCT} if product else set())
    return [key for key in (PERSON, PRODUCT, "opened_at") if key not in have]


def told(keys: Iterable[str], grain: str) -> set[str]:
    """Return the measures that a file with these columns tells, apart from those that its cells name."""
    have = set(keys)
    if grain == measures.ACTIVITY:
        return have & set(measures.COUNTED)
    found = {measure for stage, measure in measures.STAGES.items() if f"{stage}_at" in have}
    if have & {STAGE, OUTCOME}:
        found |= {measures.WON, measures.LOST, *([measures.AMOUNT] if "amount" in have else [])}
    return found


_STAGES: Mapping[str, Sequence[str]] = {
    "won": ("受注", "成約", "契約", "受注済", "受注済み", "契約済", "獲得", "Closed Won", "Won", "Win"),
    "lost": ("失注", "敗戦", "見送り", "不成立", "断念", "Closed Lost", "Lost", "Loss"),
    "refunded": ("返金", "返品", "返金済", "返金済み", "解約", "Refunded", "Refund"),
    "appointment": (
        *("アポ", "アポイント", "アポ獲得", "アポイント獲得", "アポ済", "初回訪問", "初回商談"),
        *("Appointment", "Appointment Scheduled", "Meeting Scheduled"),
    ),
    "qualified": ("有効商談", "ヒアリング", "課題把握", "Qualified", "Qualification", "Qualified to buy"),
    "proposal": ("提案", "見積", "見積提示", "提案中", "Proposal", "Proposal/Price Quote", "Quote"),
    "open": (
        *("進行中", "商談中", "新規", "オープン", "未決", "検討中", "見込み"),
        *("Open", "In progress", "New", "Pending", "Prospecting"),
    ),
}  # fmt: skip

STAGES = tuple(_STAGES)
"""What a deal's stage may be matched with."""

_MEASURES = {key: ACTIVITIES[key] for key in measures.COUNTED}

WORDS = {
    STAGE: {fold(name): key for key, names in _STAGES.items() for name in names},
    MEASURE: {fold(name): key for key, names in _MEASURES.items() for name in names}
    | {fold(key): key for key in measures.COUNTED},
}
"""Words for stages and measures that everybody knows, by their folded form."""
