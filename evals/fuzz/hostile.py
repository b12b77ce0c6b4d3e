"""Files made to hurt: bombs, depths, loops, lies. Small themselves; what they ask of a reader is not."""

import io
import json
import struct
import zipfile
import zlib
from dataclasses import dataclass
from functools import cache

from evals.fuzz.mutations import repacked
from evals.fuzz.seeds import picture, seeds
from ingest.loaders import LOADERS

DEPTH = 100_000
SECRET = "the-secret-beside-the-files"
"""What an external entity would read, where one was followed."""
_MAIN_PARTS = {
    "docx": "word/document.xml",
    "xlsx": "xl/worksheets/sheet1.xml",
    "pptx": "ppt/slides/slide1.xml",
    "odt": "content.xml",
}


@dataclass(frozen=True, slots=True)
class Hostile:
    """must_be_refused: no reader can give all that is in it within the limits; others may load. needs_limits: a reader
    that has begun ends only where its time or memory does.
    """

    name: str
    content: bytes
    must_be_refused: bool = False
    needs_limits: bool = False


def hostile_files(secret_path: str) -> list[Hostile]:
    """Those of all formats that are read. secret_path: a file that holds `SECRET`."""
    return [*_others(), *reaching_files(secret_path)]


def reaching_files(secret_path: str) -> list[Hostile]:
    """Those that would read the secret."""
    return [
        Hostile(f"outside.{kind}", repacked(seeds()[f".{kind}"][0], part, lambda xml: _reaching_out(xml, secret_path)))
        for kind, part in _MAIN_PARTS.items()
    ]


@cache
def _others() -> tuple[Hostile, ...]:
    made = [*_pdfs(), *_texts(), *_wrong_extensions(), *_pictures(), *_mails(), *_archives()]
    return tuple(each for each in made if f".{each.name.rpartition('.')[2]}" in LOADERS)


def _archives() -> list[Hostile]:
    """Office files: each is an archive of XML parts."""
    made = []
    for kind, part in _MAIN_PARTS.items():
        good = seeds()[f".{kind}"][0]
        made += [
            Hostile(f"bomb.{kind}", _with_bomb(good, part), must_be_refused=True),
            Hostile(f"many-parts.{kind}", _with_many_parts(good)),
            Hostile(f"laughs.{kind}", repacked(good, part, _laughing), must_be_refused=True),
            Hostile(f"deep.{kind}", repacked(good, part, _deep_xml)),
            Hostile(f"climbing.{kind}", _with_parts(good, {"../../climbed.txt": b"x", "/etc/climbed": b"x"})),
        ]
    if ".xlsx" in LOADERS:
        good = seeds()[".xlsx"][0]
        cell = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
        merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        sheet = "xl/worksheets/sheet1.xml"
        made += [
            Hostile("far-cell.xlsx", repacked(good, sheet, lambda xml: xml.replace(b"</sheetData>", cell))),
            Hostile("merged-all.xlsx", repacked(good, sheet, lambda xml: xml.replace(b"</sheetData>", merged))),
        ]
    if ".docx" in LOADERS:
        big = _claiming_png(40_000, 30_000)
        made.append(Hostile("big-picture.docx", repacked(seeds()[".docx"][0], "word/media/image1.png", lambda _: big)))
    return made


def _with_bomb(good: bytes, part: str) -> bytes:
    """The part unpacks to 3 GB of spaces: 3 MB packed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name) if name != part else _packed_spaces(3 * 2**10))
        entry = new.getinfo(part)
        entry.compress_type, entry.file_size = zipfile.ZIP_DEFLATED, 3 * 2**30
    return buffer.getvalue()


def _packed_spaces(megabytes: int) -> bytes:
    """Raw deflated spaces: a block that can stand any number of times, and the end."""
    packer = zlib.compressobj(9, wbits=-15)
    return (packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)) * megabytes + b"\x03\x00"


def _with_many_parts(good: bytes) -> bytes:
    return _with_parts(good, {f"customXml/other{number}.xml": b"" for number in range(20_000)})


def _with_parts(good: bytes, parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO(good)
    with zipfile.ZipFile(buffer, "a") as archive:
        for name, data in parts.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return buffer.getvalue()


def _laughing(xml: bytes) -> bytes:
    """An entity of a billion words, by ten steps of ten; its first use stands in a text."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _with_entities(xml, f'<!ENTITY l0 "laugh">{levels}', "&l9;")


def _reaching_out(xml: bytes, secret_path: str) -> bytes:
    return _with_entities(xml, f'<!ENTITY outside SYSTEM "file://{secret_path}">', "&outside;")


def _with_entities(xml: bytes, entities: str, use: str) -> bytes:
    """Declared before the root; used at the end of the first text, whatever its element is."""
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    root = xml[xml.index(b"<", start) + 1 :].split()[0].split(b">")[0].decode()
    body = xml[start:]
    for end in (b"</w:t>", b"</a:t>", b"</text:p>", b"</v>"):
        if end in body:
            body = body.replace(end, use.encode() + end, 1)
            break
    return xml[:start] + f"<!DOCTYPE {root} [{entities}]>".encode() + body


def _deep_xml(xml: bytes) -> bytes:
    end = xml.rindex(b"</")
    return xml[:end] + b"<a>" * DEPTH + b"</a>" * DEPTH + xml[end:]


def _pdf(objects: dict[int, bytes], root: int = 1) -> bytes:
    """A file of these objects."""
    out = bytearray(b"%PDF-1.7\n")
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 %s \n" % (places.get(number, 0), b"n" if number in places else b"f")
    return bytes(out) + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, root, table)


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)


def _pdf_of(
    content: bytes, *, box: bytes = b"0 0 612 792", page: bytes = b"", more: dict[int, bytes] | None = None
) -> bytes:
    """One page with this stream object as its content."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    fields = (
        b"/Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[%s]%s/Resources<</Font<</F1 5 0 R>>/XObject<</X 6 0 R>>>>"
    )
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        3: b"<<" + fields % (box, page) + b">>",
        4: content,
        5: font,
    }
    return _pdf(objects | (more or {}))


_WORDS = _stream(b"BT /F1 12 Tf 72 700 Td (The valves were replaced in March.) Tj ET")


def _pdfs() -> list[Hostile]:
    shared = {1: b"<</Type/Catalog/Pages 2 0 R>>", 4: _WORDS, 5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"}
    page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/MediaBox[0 0 612 792]/Resources<</Font<</F1 5 0 R>>>>>>"
    flat = shared | {2: b"<</Type/Pages/Count 100000/Kids[%s]>>" % (b"3 0 R " * 100_000), 3: page}
    tree = shared | {2: b"<</Type/Pages/Count 1000000000/Kids[%s]>>" % (b"10 0 R " * 1000), 3: page}
    tree |= {10: b"<</Type/Pages/Parent 2 0 R/Count 1000000/Kids[%s]>>" % (b"11 0 R " * 1000)}
    tree |= {11: b"<</Type/Pages/Parent 10 0 R/Count 1000/Kids[%s]>>" % (b"3 0 R " * 1000)}
    loop = shared | {2: b"<</Type/Pages/Count 9/Kids[2 0 R 3 0 R]/Parent 2 0 R>>", 3: page}
    lie = shared | {2: b"<</Type/Pages/Count 2000000000/Kids[3 0 R]>>", 3: page}
    bomb = zlib.compress(b"\x78\x9c" + _packed_spaces(512), 9)
    image = b"/Subtype/Image/Width 40000/Height 30000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode"
    drawn = _stream(b"q 600 0 0 700 0 0 cm /X Do Q")
    itself = _stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return [
        Hostile("pages.pdf", _pdf(flat), must_be_refused=True),
        Hostile("page-tree.pdf", _pdf(tree)),
        Hostile("page-loop.pdf", _pdf(loop)),
        Hostile("page-count.pdf", _pdf(lie)),
        Hostile("stream-bomb.pdf", _pdf_of(_stream(bomb, b"/Filter[/FlateDecode/FlateDecode]")), needs_limits=True),
        Hostile("huge-page.pdf", _pdf_of(_WORDS, box=b"0 0 9000000 9000000")),
        Hostile("no-page.pdf", _pdf_of(_WORDS, box=b"0 0 0 0")),
        Hostile("endless-page.pdf", _pdf_of(_WORDS, box=b"-1e38 -1e38 1e38 1e38")),
        Hostile("user-unit.pdf", _pdf_of(_WORDS, page=b"/UserUnit 1e9/Rotate 89")),
        Hostile("arrays.pdf", _pdf_of(_WORDS, page=b"/A " + b"[" * DEPTH + b"]" * DEPTH)),
        Hostile("states.pdf", _pdf_of(_stream(b"q " * DEPTH + b"BT /F1 12 Tf (deep) Tj ET"))),
        Hostile("many-words.pdf", _pdf_of(_stream(b"BT /F1 9 Tf 72 700 Td " + b"(word) Tj 0 0 Td " * DEPTH + b"ET"))),
        Hostile("gigapixels.pdf", _pdf_of(drawn, more={6: _stream(zlib.compress(bytes(2**26), 9), image)})),
        Hostile("form-loop.pdf", _pdf_of(_stream(b"/X Do"), more={6: itself}), needs_limits=True),
    ]


def _texts() -> list[Hostile]:
    deep = "[" * DEPTH + "]" * DEPTH
    return [
        Hostile("zero.txt", b"", must_be_refused=True),
        Hostile("zero.pdf", b"", must_be_refused=True),
        Hostile("zero.docx", b"", must_be_refused=True),
        Hostile("deep.html", b"<p>words</p>" + b"<div>" * DEPTH + b"deep" + b"</div>" * DEPTH),
        Hostile("deep-table.html", b"<table><tr><td>" * 20_000 + b"deep"),
        Hostile("wide-table.html", b'<table><tr><td colspan="99999999" rowspan="999999">a</td><td>b</td></tr></table>'),
        Hostile("open.html", b"<b>" * DEPTH + b"words " * 100),
        Hostile("laughs.html", b"<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '&a;&a;'>]><p>&b; words</p>"),
        Hostile("deep.jsonl", f'{{"text": "words", "metadata": {deep}}}\n{{"text": "good"}}'.encode()),
        Hostile("number.jsonl", b'{"text": "words", "metadata": {"n": 1e999, "m": NaN, "k": ' + b"9" * 5000 + b"}}"),
        Hostile("rows.jsonl", b"{}\n" * 200_000),
        Hostile("surrogate.jsonl", json.dumps({"text": "\ud800 words", "title": "\ud800", "id": "\ud800"}).encode()),
        Hostile("surrogate-metadata.jsonl", json.dumps({"text": "words", "metadata": {"a": "\ud800"}}).encode()),
        Hostile("quotes.md", b"> " * DEPTH + b"deep"),
        Hostile("lists.md", b"".join(b" " * n + b"- item\n" for n in range(1500))),
        Hostile("brackets.md", b"[" * DEPTH + b"a](" * 1000),
        Hostile("stars.md", b"*a **b " * 20_000),
        Hostile("fences.md", b"```\n" * 50_001),
        Hostile("rows.md", b"|" * 100_000 + b"\n" + b"|-" * 50_000 + b"|\n"),
        Hostile("headings.md", b"# a\n" * 50_000),
        Hostile("one-line.txt", b"word" * 1_000_000),
        Hostile("no-words.txt", "的".encode() * 700_000),
        Hostile("digits.txt", b"1234567890" * 30_000),
        Hostile("lines.txt", b"a\n" * 500_000),
        Hostile("columns.csv", b"a," * 200_000 + b"\n" + b"1," * 200_000),
        Hostile("quote.csv", b'a,b\n1,"' + b"x\n" * 300_000),
        Hostile("uneven.csv", b"".join(b"," * (n % 900) + b"x\n" for n in range(3000))),
    ]


def _wrong_extensions() -> list[Hostile]:
    """What a name says and what is in it. What is of another format may be read as that."""
    good = {extension: contents[0] for extension, contents in seeds().items()}
    return [
        Hostile("picture.docx", picture("PNG"), must_be_refused=True),
        Hostile("archive.pdf", good[".docx"]),
        Hostile("word.xlsx", good[".docx"]),
        Hostile("excel.docx", good[".xlsx"]),
        Hostile("program.txt", b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 40, must_be_refused=True),
        Hostile("report.csv", good[".pdf"]),
        Hostile("page.txt", good[".html"]),
        Hostile("pdf.html", good[".pdf"]),
        Hostile("mail.md", good.get(".eml", b"Subject: x\n\nwords")),
    ]


def _claiming_png(width: int, height: int) -> bytes:
    """A PNG whose header claims these measures; a gigapixel of one colour is a megabyte."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">2I5B", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", _black_pixels()) + part(b"IEND", b"")


@cache
def _black_pixels() -> bytes:
    return zlib.compress(bytes(2**26), 9)


def _pictures() -> list[Hostile]:
    tiff = b"II*\0\x08\0\0\0\x01\0\x00\x01\x04\0\x01\0\0\0\x10\0\0\0\x08\0\0\0"  # whose directory follows itself
    return [
        Hostile("gigapixels.png", _claiming_png(40_000, 30_000), must_be_refused=True),
        Hostile("measures.png", _claiming_png(0x7FFFFFFF, 0x7FFFFFFF), must_be_refused=True),
        Hostile("loop.tif", tiff, must_be_refused=True),
        Hostile("cut.jpg", picture("JPEG")[:300], must_be_refused=True),
    ]


def _mails() -> list[Hostile]:
    head = b"From: a@example.com\nSubject: s\nMIME-Version: 1.0\n"
    nested = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(3000))
    within = b"Content-Type: message/rfc822\n\n" * 3000
    climbing = (
        b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nwords\n--b\n"
        b"Content-Disposition: attachment; filename=../../../climbed.txt\n\nattached\n--b--\n"
    )
    return [
        Hostile("nested.eml", head + nested + b"Content-Type: text/plain\n\nwords"),
        Hostile("within.eml", head + within + head + b"\nwords"),
        Hostile("header.eml", b"Subject: " + b"=?utf-8?q?a?= " * DEPTH + b"\n\nwords"),
        Hostile("boundaries.eml", head + b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 10_000),
        Hostile("climbing.eml", head + climbing),
    ]
