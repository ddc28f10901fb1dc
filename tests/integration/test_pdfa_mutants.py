"""The check of archivability bites: of real output of the product every single damage is rejected, for what it is."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from scripts.bench import verapdf
from scripts.corpus import make_document
from tests.quick_digitising import digitise
from tests.signing_desk import Desk

pytestmark = pytest.mark.skipif(bool(verapdf.missing()), reason=verapdf.missing() or "veraPDF is here")

Mutation = Callable[[Pdf], None]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Path]]:
    """A scan that is kept in layers, and a paper that stays a drawing."""
    folder = tmp_path_factory.mktemp("sound")
    [scan] = make_document("quyet_dinh", 3, level="office", dpi=200).save(folder, "scan", "pdf")
    [drawing] = make_document("bao_cao", 3, level="clean", dpi=200).save(folder, "drawing", "born_digital")
    made = {}
    for path in (scan, drawing):
        made[path.stem] = folder / f"{path.stem}-kept.pdf"
        digitise(path, made[path.stem])
    yield made


def picture(pdf: Pdf) -> pikepdf.Object:
    return pdf.pages[0].Resources.XObject["/L0"]


def metadata(before: bytes, after: bytes) -> Mutation:
    def mutate(pdf: Pdf) -> None:
        packet = pdf.Root.Metadata.read_bytes()
        assert before in packet
        pdf.Root.Metadata.write(packet.replace(before, after))

    return mutate


def content(pdf: Pdf, added: bytes) -> None:
    page = pdf.pages[0]
    page.Contents.write(page.Contents.read_bytes() + b"\n" + added)


def remove(*path: str) -> Mutation:
    """Without the last key of a path from the root."""

    def mutate(pdf: Pdf) -> None:
        place = pdf.Root
        for key in path[:-1]:
            place = place[int(key)] if key.isdecimal() else place[key]
        del place[path[-1]]

    return mutate


def group(pdf: Pdf) -> None:
    state = Dictionary(Type=Name.ExtGState, ca=0.5, CA=0.5)
    pdf.pages[0].Resources.ExtGState = Dictionary(Half=state)
    pdf.pages[0].Resources.ColorSpace = Dictionary()
    pdf.pages[0].obj.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
    content(pdf, b"/Half gs 0 0 9 9 re f")


def blend(pdf: Pdf) -> None:
    pdf.pages[0].Resources.ExtGState = Dictionary(Odd=Dictionary(Type=Name.ExtGState, BM=Name("/Sparkle")))
    content(pdf, b"/Odd gs 0 0 9 9 re f")


def transfer(pdf: Pdf) -> None:
    pdf.pages[0].Resources.ExtGState = Dictionary(Odd=Dictionary(Type=Name.ExtGState, TR=Name.Identity))
    content(pdf, b"/Odd gs 0 0 9 9 re f")


def typeface(pdf: Pdf) -> None:
    plain = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    pdf.pages[0].Resources.Font["/Plain"] = pdf.make_indirect(plain)
    content(pdf, b"BT /Plain 12 Tf 0 Tr (not embedded) Tj ET")


def script(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=pikepdf.String("app.alert(1)")))


def launch(pdf: Pdf) -> None:
    action = Dictionary(S=Name.Launch, F=pikepdf.String("a.exe"))
    pdf.pages[0].obj.AA = Dictionary(O=action)


def lzw(pdf: Pdf) -> None:
    # 80 0B 60 50 22 0C 0C 85 01 is the example of LZW in ISO 32000-1, 7.4.4.2.
    odd = Stream(pdf, b"")
    odd.write(bytes.fromhex("800B6050220C0C8501"), filter=Name.LZWDecode)
    odd.stream_dict.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1])))
    pdf.pages[0].Resources.XObject["/Odd"] = pdf.make_indirect(odd)
    content(pdf, b"/Odd Do")


def annotation(pdf: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 20, 20]), Contents=pikepdf.String("x"))
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(note)])


def film(pdf: Pdf) -> None:
    rectangle = Array([0, 0, 20, 20])
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Movie, Rect=rectangle, F=4))])


def form(pdf: Pdf) -> None:
    pdf.Root.AcroForm = Dictionary(Fields=Array(), XFA=pikepdf.String("x"), NeedAppearances=True)


def attachment(pdf: Pdf) -> None:
    pdf.attachments["a.txt"] = b"no PDF/A"


def layers(pdf: Pdf) -> None:
    group = pdf.make_indirect(Dictionary(Type=Name.OCG))
    pdf.Root.OCProperties = Dictionary(OCGs=Array([group]), D=Dictionary(AS=Array()))


def two_profiles(pdf: Pdf) -> None:
    profile = Stream(pdf, pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes())
    profile.stream_dict.N = 3
    second = Dictionary(Type=Name.OutputIntent, S=Name.GTS_PDFA1, OutputConditionIdentifier=pikepdf.String("other"))
    second.DestOutputProfile = pdf.make_indirect(profile)
    pdf.Root.OutputIntents.append(pdf.make_indirect(second))


def profile(pdf: Pdf) -> None:
    broken = pdf.Root.OutputIntents[0].DestOutputProfile
    broken.write(bytes(128) + broken.read_bytes()[128:])


def deep(pdf: Pdf) -> None:
    content(pdf, b"q " * 40 + b"Q " * 40)


def unknown(pdf: Pdf) -> None:
    content(pdf, b"1 2 sparkle")


def jpx(pdf: Pdf) -> None:
    odd = picture(pdf)
    odd.write(b"\x00\x00\x00\x0cjP  \r\n\x87\n broken", filter=Name.JPXDecode)


def alternates(pdf: Pdf) -> None:
    picture(pdf).Alternates = Array([Dictionary(Image=picture(pdf), DefaultForPrinting=True)])


def postscript(pdf: Pdf) -> None:
    odd = Stream(pdf, b"showpage")
    odd.stream_dict.update(Dictionary(Type=Name.XObject, Subtype=Name.PS))
    pdf.pages[0].Resources.XObject["/Odd"] = pdf.make_indirect(odd)
    content(pdf, b"/Odd Do")


def reference(pdf: Pdf) -> None:
    odd = Stream(pdf, b"")
    odd.stream_dict.update(Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, 1, 1])))
    odd.stream_dict.Ref = Dictionary(F=pikepdf.String("other.pdf"), Page=0)
    pdf.pages[0].Resources.XObject["/Odd"] = pdf.make_indirect(odd)
    content(pdf, b"/Odd Do")


def outside(pdf: Pdf) -> None:
    picture(pdf).F = pikepdf.String("other.jpg")


def four_inks(pdf: Pdf) -> None:
    drawing = pdf.pages[0].Resources.XObject["/Scan"]
    drawing.write(drawing.read_bytes() + b" 0 0 0 1 k 0 0 9 9 re f")


def odd_glyph(pdf: Pdf) -> None:
    glyph = pdf.pages[0].Resources.XObject["/Scan"].Resources.XObject["/G0"]
    glyph.write(glyph.read_bytes() + b" 1 sparkle")


def interchange(pdf: Pdf) -> None:
    pdf.pages[0].Resources.XObject["/Scan"].OPI = Dictionary()


def own_group(pdf: Pdf) -> None:
    drawing = pdf.pages[0].Resources.XObject["/Scan"]
    drawing.Group = Dictionary(S=Name.Transparency, CS=Name.DeviceCMYK)
    drawing.Resources.ExtGState = Dictionary(Half=Dictionary(Type=Name.ExtGState, ca=0.5))
    drawing.write(b"/Half gs " + drawing.read_bytes())


#: What is done to a sound scan, and the clause of ISO 19005-2 that forbids it.
SCAN: dict[str, tuple[Mutation, str]] = {
    "no metadata": (remove("/Metadata"), "6.6.2.1"),
    "another part claimed": (metadata(b"<pdfaid:part>2<", b"<pdfaid:part>4<"), "6.6.4"),
    "another level claimed": (metadata(b"conformance>B<", b"conformance>X<"), "6.6.4"),
    "no part claimed": (metadata(b"<pdfaid:part>2</pdfaid:part>", b""), "6.6.4"),
    "metadata that are no XML": (metadata(b"</rdf:RDF>", b"<rdf:RDF>"), "6.6.2.1"),
    "a property nobody describes": (metadata(b"<pdfaid:part>", b"<pdfaid:odd>1</pdfaid:odd><pdfaid:part>"), "6.6.2.3.1"),
    "no output intent": (remove("/OutputIntents"), "6.2.4.3"),
    "no profile in the output intent": (remove("/OutputIntents", "0", "/DestOutputProfile"), "6.2.4.3"),
    "a profile without a head": (profile, "6.2.3"),
    "two profiles that differ": (two_profiles, "6.2.3"),
    "a typeface that is not embedded": (typeface, "6.2.11.4.1"),
    "transparency blended in inks": (group, "6.2.4.3"),
    "a way of blending nobody knows": (blend, "6.2.10"),
    "a transfer curve": (transfer, "6.2.5"),
    "an operator nobody knows": (unknown, "6.2.2"),
    "graphics states too deep": (deep, "6.1.13"),
    "LZW": (lzw, "6.1.7.2"),
    "a broken JPEG 2000": (jpx, "6.2.8.3"),
    "another picture for printing": (alternates, "6.2.8"),
    "PostScript": (postscript, "6.2.9"),
    "a part of another file": (reference, "6.2.9"),
    "a picture in another file": (outside, "6.1.7.1"),
    "a script": (script, "6.5.1"),
    "a program to be run": (launch, "6.5.1"),
    "a note without a look": (annotation, "6.3.3"),
    "a film": (film, "6.3.1"),
    "a form of XFA": (form, "6.4.2"),
    "an attachment that is no PDF/A": (attachment, "6.8"),
    "layers without a name": (layers, "6.9"),
}
#: The same for a paper that stays a drawing.
DRAWING: dict[str, tuple[Mutation, str]] = {
    "inks in the drawing": (four_inks, "6.2.4.3"),
    "an operator nobody knows in a letter": (odd_glyph, "6.2.2"),
    "a drawing to be replaced in print": (interchange, "6.2.9"),
    "a drawing blended in inks": (own_group, "6.2.4.3"),
}
#: What is done to the bytes of a sound scan: what is replaced, by what, and the clause.
BYTES: dict[str, tuple[bytes, bytes, str]] = {
    "something before the header": (rb"\A", b"x\n", "6.1.2"),
    "no sign of being binary": (rb"%\xe2\xe3\xcf\xd3", b"%text", "6.1.2"),
    "something behind the end": (rb"\Z", b"and more", "6.1.3"),
    "no identifier": (rb"/ID \[", b"/XD [", "6.1.3"),
    "cross references that are not spaced as they must be": (rb"\nxref\n0 ", b"\nxref\n\n0 ", "6.1.4"),
    "an object that does not begin on its line": (rb"\n(\d+) 0 obj\n", rb"\n\1 0 obj ", "6.1.9"),
    "a stream that is not as long as it says": (rb"/Length (\d)(\d{3})\b", rb"/Length 1\2", "6.1.7.1"),
}


def clauses(verdict: verapdf.Verdict) -> set[str]:
    return set(re.findall(r"clause=([0-9.]+)", " ".join(verdict.broken)))


@pytest.mark.parametrize(("kind", "damage"), [("scan", name) for name in SCAN] + [("drawing", name) for name in DRAWING])
def test_a_damage_to_its_objects_is_rejected(sound: dict[str, Path], tmp_path: Path, kind: str, damage: str) -> None:
    mutate, clause = {"scan": SCAN, "drawing": DRAWING}[kind][damage]
    with Pdf.open(sound[kind]) as pdf:
        mutate(pdf)
        pdf.save(tmp_path / "mutant.pdf", compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
    verdict = verapdf.check(tmp_path / "mutant.pdf")
    assert not verdict.valid
    assert clause in clauses(verdict)


@pytest.mark.parametrize("damage", BYTES)
def test_a_damage_to_its_bytes_is_rejected(sound: dict[str, Path], tmp_path: Path, damage: str) -> None:
    before, after, clause = BYTES[damage]
    data, count = re.subn(before, after, sound["scan"].read_bytes(), count=1)
    assert count == 1
    (tmp_path / "mutant.pdf").write_bytes(data)
    verdict = verapdf.check(tmp_path / "mutant.pdf")
    assert not verdict.valid
    assert clause in clauses(verdict)


def test_what_the_mutants_are_made_of_is_valid_itself_saved_again_or_signed_twice(
    sound: dict[str, Path], tmp_path: Path
) -> None:
    for kind, path in sound.items():
        assert verapdf.check(path).broken == ()
        with Pdf.open(path) as pdf:
            pdf.save(tmp_path / f"{kind}.pdf")
        assert verapdf.check(tmp_path / f"{kind}.pdf").broken == ()
    twice = Desk(tmp_path).sign_twice(tmp_path / "scan.pdf")
    assert verapdf.check(twice).broken == ()


def test_a_signature_that_does_not_cover_the_file_is_rejected(sound: dict[str, Path], tmp_path: Path) -> None:
    shutil.copy(sound["scan"], tmp_path / "scan.pdf")
    data = Desk(tmp_path).sign_twice(tmp_path / "scan.pdf").read_bytes()
    *_, last = re.finditer(rb"/ByteRange \[ ?0 (\d+) (\d+) (\d+)", data)
    short = b"%0*d" % (len(last[3]), int(last[3]) - 10)
    (tmp_path / "mutant.pdf").write_bytes(data[: last.start(3)] + short + data[last.end(3) :])
    assert "6.4.3" in clauses(verapdf.check(tmp_path / "mutant.pdf"))
