"""The seeded documents: small, but real files of their kinds.

Pure: the same name gives the same bytes in every run.
"""

import io
import random
import struct
import zipfile
import zlib
from html import escape

_EPOCH = (2026, 1, 1, 0, 0, 0)
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def make_markdown(title: str, lines: tuple[str, ...]) -> bytes:
    return ("\n".join([f"# {title}", "", *(f"- {line}" for line in lines)]) + "\n").encode()


def make_text(title: str, lines: tuple[str, ...]) -> bytes:
    return ("\r\n".join([title, "=" * len(title), *lines]) + "\r\n").encode()


def make_table(chance: random.Random, columns: tuple[str, ...], rows: int) -> bytes:
    """A CSV file of stations and measurements."""
    lines = [",".join(columns)]
    for number in range(1, rows + 1):
        values = (f"{chance.uniform(0, 900):.2f}" for _ in columns[1:])
        lines.append(",".join((f"P{number:03}", *values)))
    return ("\r\n".join(lines) + "\r\n").encode()


def make_image(width: int, height: int, chance: random.Random) -> bytes:
    """A PNG: a landscape in bands, as a contour map has them."""
    shift = [chance.randrange(40) for _ in range(8)]
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            level = (y * 8 // height + shift[x * 8 // width] // 8) % 8
            rows += bytes((60 + level * 20, 120 + level * 12, 90 + level * 6))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        _chunk(kind, data)
        for kind, data in (
            (b"IHDR", header),
            (b"IDAT", zlib.compress(bytes(rows), 9)),
            (b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def image_size(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG; None for anything else."""
    if content[:8] != b"\x89PNG\r\n\x1a\n" or len(content) < 24:
        return None
    width, height = struct.unpack(">II", content[16:24])
    return int(width), int(height)


def make_word_document(title: str, lines: tuple[str, ...]) -> bytes:
    """A DOCX: a heading and paragraphs."""
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in (title, *lines)
    )
    start = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    parts = {
        "[Content_Types].xml": f'{start}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}"/></Types>',
        "_rels/.rels": f'{start}<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'{start}<w:document xmlns:w="{_WORD}"><w:body>{paragraphs}'
        "</w:body></w:document>",
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), text)
    return buffer.getvalue()


def make_pdf(title: str, lines: tuple[str, ...]) -> bytes:
    """A PDF of one page."""
    shown = "".join(f"({_pdf_text(line)}) Tj T* " for line in (title, "", *lines))
    stream = f"BT /F1 12 Tf 72 770 Td 16 TL {shown}ET".encode("latin-1", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    data += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        start,
    )
    return bytes(data)


def _pdf_text(text: str) -> str:
    return text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
