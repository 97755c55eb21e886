"""Paper: our fonts only, nothing read from elsewhere, nothing missing in silence."""

from pathlib import Path
from typing import Any

import pytest

from lms.core.checks import fonts_are_there
from lms.core.pdf import DrawingError, NotDrawable, draw, font_faces


@pytest.fixture
def template(settings: Any, tmp_path: Path) -> Any:
    """Writes a template and returns its name."""
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]

    def write(body: str) -> str:
        page = "<html lang='en'><head><title>T</title><style>{{ font_faces|safe }}"
        page += 'html { font-family: "Noto Sans", "Noto Sans Arabic"; }</style></head>'
        name = f"paper-{len(list(tmp_path.iterdir()))}.html"  # templates are read once
        (tmp_path / name).write_text(f"{page}<body>{body}</body></html>")
        return name

    return write


def test_plain_page_is_drawn(template: Any) -> None:
    assert draw(template("<p>Żółć محمد</p>"), {}, language="en").startswith(b"%PDF-")


@pytest.mark.parametrize(
    "body",
    [
        "<p>देवी</p>",
        "<p>&#x930;</p>",
        "<p>☃ 🙂</p>",
    ],
)
def test_letters_that_would_be_missing_are_a_failure(template: Any, body: str) -> None:
    with pytest.raises(NotDrawable):
        draw(template(body), {}, language="en")


@pytest.mark.parametrize(
    "body",
    [
        '<img src="/etc/hostname">',
        '<img src="file:///etc/hostname">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="nowhere.png">',
    ],
)
def test_files_are_not_read_and_not_left_out_in_silence(template: Any, body: str) -> None:
    with pytest.raises(DrawingError):
        draw(template(body), {}, language="en")


def test_failure_of_one_document_is_not_heard_by_the_next(template: Any) -> None:
    with pytest.raises(NotDrawable):
        draw(template("<p>☃</p>"), {}, language="en")
    assert draw(template("<p>Plain</p>"), {}, language="en")


def test_names_do_not_reach_the_log(template: Any, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(NotDrawable):
        draw(template("<p>Secret Name ☃</p>"), {}, language="en")
    captured = capfd.readouterr()
    assert "Secret" not in captured.out + captured.err


def test_missing_fonts_are_our_fault_and_not_the_names(template: Any, settings: Any) -> None:
    settings.FONT_DIR = "nowhere"
    with pytest.raises(DrawingError):
        draw(template("<p>Żółć</p>"), {}, language="en")


def test_deployment_without_fonts_is_refused(settings: Any) -> None:
    assert fonts_are_there(None) == []
    settings.FONT_DIR = "nowhere"
    assert [problem.id for problem in fonts_are_there(None)] == ["core.E001"] * 14


def test_fonts_are_files_of_ours() -> None:
    assert "http" not in font_faces()
