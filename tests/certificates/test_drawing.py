"""What is on the paper: every name as it is written, the right words, a code to scan."""

import io
import unicodedata
from typing import Any

import pytest
import zxingcpp
from PIL import Image
from pypdf import PdfReader

from lms.certificates import services
from lms.certificates.designs import DESIGNS
from lms.certificates.drawing import draw_certificate
from lms.certificates.models import Certificate, CertificateRevision
from lms.core.pdf import NotDrawable
from tests.factories.completions import make_completion
from tests.factories.credit import NASW, NYSED, confirm_whole, credit_line
from tests.factories.people import make_office, make_person
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


def paper(**completion: Any) -> tuple[CertificateRevision, PdfReader]:
    certificate = services.issue_certificate(completion=make_completion(**completion))
    revision = services.draw(revision_id=certificate.revisions.get().pk)
    with revision.file.open() as document:
        return revision, PdfReader(io.BytesIO(document.read()))


def words(reader: PdfReader) -> str:
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def test_paper_says_who_what_when_how_long_and_no_credit() -> None:
    office = make_office(name="City Office", contact_email="office@example.org")
    version = make_version(make_training(title="Database training", owner=office))
    revision, reader = paper(person=make_person(name="Ana Rivera"), version=version)
    text = words(reader)
    for part in [
        "Ana Rivera",
        "Database training",
        "Length 1 hour - no continuing-education credit",
        "City Office, office@example.org",
        revision.certificate.code_in_groups,
        f"testserver/verify/{revision.certificate.code_in_groups}/",
    ]:
        assert part in text
    assert len(reader.pages) == 1


def test_credit_has_a_line_per_accreditor_and_topics_are_named() -> None:
    credit = [credit_line(NASW, hours="1.5"), credit_line(NYSED, "live", "1")]
    version = make_version(minutes=90, credits=credit, topics=["X-1"])
    confirm_whole(version.training, NASW)
    confirm_whole(version.training, NYSED)
    _revision, reader = paper(version=version)
    text = words(reader)
    for part in [
        "Length 1 hour 30 minutes 1.5 contact hours, NASW (self-study) - New York's board does not",
        "1 contact hour, NYSED social work (live)",
        f"(Approval #A-{version.training_id}) for 1.5 self-study contact hours.",
        "Presented by Sam Stone, LCSW.",
        "Provider number SW-0000.",
    ]:
        assert part in text
    assert len(reader.pages) == 1
    assert "no continuing-education credit" not in text
    assert "Topics: X-1" in text


def test_trial_prints_sample_on_every_page_and_the_real_site_does_not(settings: Any) -> None:
    topics = [f"TOPIC-{number} " + "long words " * 12 for number in range(60)]
    _revision, reader = paper(version=make_version(topics=topics))
    assert len(reader.pages) > 1
    assert all("SAMPLE" in page.extract_text() for page in reader.pages)
    settings.TRIAL = False
    _revision, reader = paper()
    assert "SAMPLE" not in words(reader).upper()


def test_code_scans_to_the_verification_page() -> None:
    revision, reader = paper()
    picture = Image.open(io.BytesIO(reader.pages[0].images[0].data)).convert("L")
    framed = Image.new("L", (picture.width + 80, picture.height + 80), 255)
    framed.paste(picture, (40, 40))
    found = [code.text for code in zxingcpp.read_barcodes(framed)]
    assert found == [f"http://testserver/verify/{revision.certificate.code_in_groups}/"]


def test_document_says_its_title_author_and_language() -> None:
    version = make_version(make_training(title="Training", owner=make_office(name="City Office")))
    _revision, reader = paper(person=make_person(name="Łucja Ng"), version=version, language="es")
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    assert reader.metadata.title.endswith("Training - Łucja Ng")
    assert reader.metadata.author == "City Office"
    assert reader.trailer["/Root"]["/Lang"] == "es"


@pytest.mark.parametrize(
    "name",
    [
        "Łucja Wójcik-Żółkiewska",
        "Nguyễn Thị Ánh Đào",
        "Jean-Baptiste Désir, RN",
        "D’Angelo O'Neil",
        "Зоя Щукина",
        "Ελένη Παπαδοπούλου",
        "Nguye\u0302\u0303n",  # letters and accents apart, as some systems export them
    ],
)
def test_name_is_drawn_with_all_its_letters(name: str) -> None:
    _revision, reader = paper(person=make_person(name=name))
    assert unicodedata.normalize("NFC", name) in words(reader)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_arabic_name_is_joined_and_right_to_left(language: str) -> None:
    _revision, reader = paper(person=make_person(name="محمد الحسن"), language=language)
    # On paper letters have their joined forms; folded back they are the name.
    assert "محمد الحسن" in unicodedata.normalize("NFKC", words(reader))
    assert "ﺍﻟﺤﺴﻦ" in words(reader)


@pytest.mark.parametrize("name", ["देवी", "தேவி", "ꯃꯅꯤ", "Ana 🙂"])
def test_letters_we_cannot_print_right_fail_aloud(name: str) -> None:
    certificate = services.issue_certificate(
        completion=make_completion(make_person(name=f"{name} Rivera"))
    )
    with pytest.raises(NotDrawable):
        draw_certificate(certificate.revisions.get())


def test_markup_in_a_name_is_printed_as_it_is() -> None:
    name = '<img src="file:///etc/passwd"> & Co'
    _revision, reader = paper(person=make_person(name=name))
    assert name in words(reader)


def test_long_names_stay_on_the_page() -> None:
    revision, reader = paper(person=make_person(name="Maximiliana " + "Wojciechowska-" * 6 + "Ng"))
    assert len(reader.pages) == 1
    assert Certificate.objects.get() == revision.certificate


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize(
    ("language", "name", "title"),
    [
        ("es", "Peña Núñez", "Formación"),
        ("zh-hans", "李明", "识别儿童贩运"),
        ("ru", "Зоя Щукина", "Распознавание"),
        ("bn", "রকিবুল ক্ষমা", "শিশু পাচার চেনা"),
        ("ht", "Désir", "Rekonèt trafik timoun"),
        ("ko", "김민준", "아동 인신매매 인식"),
        ("ar", "محمد الحسن", "التعرف على الاتجار"),
        ("ur", "ٹیپو خاں", "بچوں کی پہچان"),
        ("fr", "Zoé Lefèvre", "Repérer la traite"),
        ("pl", "Łucja Żółkiewska", "Rozpoznawanie"),
        ("it", "Niccolò", "Riconoscere"),
        ("yi", "יעקב כהן", "דערקענען"),
    ],
)
def test_each_design_prints_name_and_title_in_every_language(
    settings: Any, design: str, language: str, name: str, title: str
) -> None:
    """The languages of DESIGN 4.16; what they look like is tested in tests/core/test_lettering."""
    settings.LANGUAGES = [*settings.LANGUAGES, (language, language)]
    version = make_version(make_training(title=title))
    certificate = services.issue_certificate(
        completion=make_completion(make_person(name=name), version=version, language=language)
    )
    revision = certificate.revisions.get()
    revision.look = {"design": design, "version": 1}
    reader = PdfReader(io.BytesIO(draw_certificate(revision)))
    assert len(reader.pages) == 1
    assert reader.trailer["/Root"]["/Lang"] == language
    assert reader.metadata is not None
    assert reader.metadata.title is not None
    said = unicodedata.normalize("NFKC", reader.metadata.title)
    assert said.endswith(unicodedata.normalize("NFKC", f"{title} - {name}"))
    found = unicodedata.normalize("NFKC", words(reader))
    # A line from the right is handed over word by word, in the order of the paper.
    assert all(word in found or word[::-1] in found for word in f"{name} {title}".split())
