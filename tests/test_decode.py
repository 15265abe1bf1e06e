"""Bytes to text: marks, declarations, and guesses in a dozen scripts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import DamagedFile, ReadError
from ingest.readers.decode import decode

SAMPLES = {
    "English cp1252": ("cp1252", "The partner’s duties — “as agreed” — cost £500 a year.\nNo fee is charged to survivors."),
    "English, one sign": ("cp1252", "Each partner receives £5,000.\nNothing else is promised."),
    "French cp1252": ("cp1252", "Les partenaires doivent être prévenus dès que possible.\nL’équipe a décidé que les frais étaient remboursés."),
    "German cp1252": ("cp1252", "Für alle Partner gelten dieselben Regeln.\nDie Förderung beträgt höchstens fünftausend Euro."),
    "Spanish cp1252": ("cp1252", "La organización pagará los gastos según lo acordado.\n¿Quién decide? La señora del albergue."),
    "Portuguese cp1252": ("cp1252", "As organizações não são obrigadas a aceitar.\nA decisão é comunicada até ao fim do mês."),
    "Swedish cp1252": ("cp1252", "Alla partner får samma stöd från början av året.\nRåd ges även på kvällar."),
    "Polish iso8859_2": ("iso8859_2", "Każda organizacja partnerska otrzymuje wsparcie w ciągu roku.\nWniosek należy złożyć do końca miesiąca."),
    "Czech iso8859_2": ("iso8859_2", "Každá partnerská organizace obdrží podporu po celý rok.\nŽádost je třeba podat do konce měsíce."),
    "Czech cp1250": ("cp1250", "Každá partnerská organizace obdrží podporu po celý rok.\nŽádost je třeba podat do konce měsíce."),
    "Hungarian iso8859_2": ("iso8859_2", "Minden partnerszervezet támogatást kap az egész év során.\nA döntésről később értesítjük Önöket, az időpontot megőrizzük."),
    "Turkish cp1254": ("cp1254", "Her ortak kuruluş yıl boyunca destek alır.\nBaşvuru ay sonuna kadar yapılmalı, değişiklik için görüş alınır."),
    "Russian cp1251": ("cp1251", "Каждая организация получает поддержку в течение года.\nЗаявку нужно подать до конца месяца."),
    "Russian koi8_r": ("koi8_r", "Каждая организация получает поддержку в течение года.\nЗаявку нужно подать до конца месяца."),
    "Ukrainian cp1251": ("cp1251", "Кожна організація отримує підтримку протягом року.\nЗаявку слід подати до кінця місяця."),
    "Greek cp1253": ("cp1253", "Κάθε οργάνωση λαμβάνει υποστήριξη όλο το έτος.\nΗ αίτηση πρέπει να υποβληθεί έως το τέλος του μήνα."),
    "Hebrew cp1255": ("cp1255", "כל ארגון שותף מקבל תמיכה במשך כל השנה.\nיש להגיש את הבקשה עד סוף החודש."),
    "Arabic cp1256": ("cp1256", "تحصل كل منظمة شريكة على الدعم طوال العام.\nيجب تقديم الطلب قبل نهاية الشهر."),
    "Japanese Shift-JIS": ("cp932", "すべての提携団体は一年を通じて支援を受けます。\n申請書は月末までに提出してください。"),
    "Japanese EUC": ("euc_jp", "すべての提携団体は一年を通じて支援を受けます。\n申請書は月末までに提出してください。"),
    "Japanese ISO-2022": ("iso2022_jp", "すべての提携団体は一年を通じて支援を受けます。\n申請書は月末までに提出してください。"),
    "Chinese GB18030": ("gb18030", "每个合作组织全年都会得到支持。\n申请必须在月底之前提交，决定将在稍后公布。"),
    "Chinese Big5": ("big5", "每個合作組織全年都會得到支持。\n申請必須在月底之前提交，決定將在稍後公布。"),
    "Korean cp949": ("cp949", "모든 협력 단체는 일 년 내내 지원을 받습니다.\n신청서는 월말까지 제출해야 합니다."),
    "Thai cp874": ("cp874", "องค์กรพันธมิตรทุกแห่งได้รับการสนับสนุนตลอดทั้งปี\nต้องยื่นใบสมัครภายในสิ้นเดือน"),
}


@pytest.mark.parametrize("encoding, text", SAMPLES.values(), ids=SAMPLES.keys())
def test_a_paragraph_of_two_lines_is_told_by_its_letters(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), "policy.txt") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["Each partner gets £500 — “no more”.\n", "Κάθε οργάνωση λαμβάνει υποστήριξη όλο το έτος.\nΗ αίτηση υποβάλλεται εδώ.\n"])
def test_unicode_is_told_with_and_without_its_mark(encoding: str, text: str) -> None:
    assert decode(text.encode(encoding), "policy.txt") == text


def test_a_mark_is_dropped_and_carriage_returns_go_and_nothing_else_is_changed() -> None:
    assert decode(b"\xef\xbb\xbfone\r\n\r\n two\t\r\n", "a.txt") == "one\n\n two\t\n"
    assert decode(b"lone\rreturn \xc2\xa0", "a.txt") == "lone\rreturn \xa0"


def test_a_page_says_what_it_is_written_in() -> None:
    page = '<html><head><meta charset="{}"></head><body><p>{}</p></body></html>'
    assert "Żółw" in decode(page.format("iso-8859-2", "Żółw").encode("iso8859_2"), "a.html")
    assert "£ “quoted”" in decode(page.format("ISO-8859-1", "£ “quoted”").encode("cp1252"), "a.html")
    assert "Привет" in decode('<?xml version="1.0" encoding="koi8-r"?><p>Привет</p>'.encode("koi8_r"), "a.html")
    assert "café" in decode(page.format("no-such-thing", "café au lait").encode("cp1252"), "a.html")
    assert "café" in decode(page.format("iso-8859-1", "café").encode("utf-8"), "a.html")


@pytest.mark.parametrize("data", [b"a\x00b\x00\x01\x02 policy", bytes(range(32)) * 20, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4])
def test_binary_data_is_no_text(data: bytes) -> None:
    with pytest.raises(DamagedFile, match="a.txt holds binary data"):
        decode(data, "a.txt")


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_text_or_a_named_error(data: bytes) -> None:
    try:
        assert isinstance(decode(data, "a.txt"), str)
    except ReadError as error:
        assert "a.txt" in str(error)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=200))
def test_utf8_comes_back_as_it_was(text: str) -> None:
    try:
        assert decode(text.encode("utf-8"), "a.txt") == text.removeprefix("\ufeff").replace("\r\n", "\n")
    except ReadError:
        assert any(char < " " for char in text)
    except UnicodeEncodeError:
        pass
