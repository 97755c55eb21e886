"""The coloured parts of a design, which lie below the text on every page: a band, a frame."""

import io

from lms.certificates.looks import Look

BAND, SIDE = 20, 150


def backdrop(look: Look, *, right_to_left: bool) -> bytes:
    """The backdrop of the look as a PDF page of its sheet."""
    from reportlab.lib.colors import HexColor  # noqa: PLC0415 - a process that draws nothing should not wait
    from reportlab.pdfgen.canvas import Canvas  # noqa: PLC0415

    drawn = io.BytesIO()
    width, height = look.sheet.width, look.sheet.height
    canvas = Canvas(drawn, pagesize=(width, height), invariant=True)
    colour = HexColor(look.colour)
    canvas.setFillColor(colour)
    canvas.setStrokeColor(colour)
    if look.design == "band":
        canvas.rect(0, height - BAND, width, BAND, stroke=0, fill=1)
    elif look.design == "side":
        canvas.rect(width - SIDE if right_to_left else 0, 0, SIDE, height, stroke=0, fill=1)
    elif look.design == "frame":
        for inset, line in ((20, 3.5), (27, 0.75)):
            canvas.setLineWidth(line)
            canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
    canvas.showPage()
    canvas.save()
    return drawn.getvalue()
