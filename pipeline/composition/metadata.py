"""What a PDF says of itself, once as XMP and once as its information dictionary."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from unicodedata import normalize
from xml.sax.saxutils import escape

from pipeline.composition.container import PdfValue

PRODUCER = "Sohoa"

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"
 xmlns:stRef="http://ns.adobe.com/xap/1.0/sType/ResourceRef#"
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 xmlns:sohoa="urn:sohoa:document:1#">
{properties}
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


@dataclass(frozen=True, slots=True)
class PdfMetadata:
    """What is known of a document when it is composed.

    ``created`` carries a zone and is both the creation and the modification date. ``language`` is a BCP 47 tag,
    ``identifier`` names the file it derives from. ``author`` is who issued the paper, ``issued`` the ISO date, ``kind`` the
    code of its type, ``number`` its number and symbol, ``dossier`` the code of its dossier; empty where not known.
    """

    title: str
    subject: str = ""
    keywords: tuple[str, ...] = ()
    created: datetime = field(kw_only=True)
    language: str = "vi"
    identifier: str = ""
    author: str = ""
    issued: str = ""
    kind: str = ""
    number: str = ""
    dossier: str = ""
    source_name: str = ""


#: What predefined schemas have no property for: name, field of the metadata, what it is.
_OWN_PROPERTIES = (
    ("DocumentType", "kind", "Code of the document type in the dictionary of types"),
    ("DocumentNumber", "number", "Number and symbol of the paper, as printed"),
    ("DossierCode", "dossier", "Code of the dossier that the paper belongs to"),
    ("SourceName", "source_name", "Name of the file that was submitted"),
)
_OWN_NAMESPACE = "urn:sohoa:document:1#"


def printable(text: str) -> str:
    """``text`` in NFC without what XML or a PDF reader cannot take: controls, lone surrogates, non-characters."""
    kept = (letter if letter not in "\t\n\r" else " " for letter in normalize("NFC", text))
    return "".join(letter for letter in kept if _is_sound(ord(letter)))


def _is_sound(code: int) -> bool:
    control = code < 0x20 or 0x7F <= code < 0xA0
    surrogate = 0xD800 <= code < 0xE000
    return not (control or surrogate or 0xFDD0 <= code < 0xFDF0 or code & 0xFFFE == 0xFFFE or code == 0xFEFF)


def render_xmp(metadata: PdfMetadata, digest: bytes) -> bytes:
    """The XMP packet, UTF-8; ``digest`` of the content makes the ids of document and instance."""
    moment = metadata.created.replace(microsecond=0).isoformat()
    name = uuid.UUID(bytes=digest[:16], version=4).urn.removeprefix("urn:")
    keywords = ", ".join(metadata.keywords)
    properties = [
        "<pdfaid:part>2</pdfaid:part>",
        "<pdfaid:conformance>B</pdfaid:conformance>",
        "<dc:format>application/pdf</dc:format>",
        _tag("dc:title", f'<rdf:Alt><rdf:li xml:lang="x-default">{_clean(metadata.title)}</rdf:li></rdf:Alt>'),
        _tag("dc:language", f"<rdf:Bag><rdf:li>{_clean(metadata.language)}</rdf:li></rdf:Bag>"),
        _tag("xmp:CreateDate", moment),
        _tag("xmp:ModifyDate", moment),
        _tag("xmp:MetadataDate", moment),
        _tag("xmp:CreatorTool", PRODUCER),
        _tag("pdf:Producer", PRODUCER),
        _tag("xmpMM:DocumentID", name),
        _tag("xmpMM:InstanceID", name),
    ]
    if metadata.subject:
        subject = f'<rdf:Alt><rdf:li xml:lang="x-default">{_clean(metadata.subject)}</rdf:li></rdf:Alt>'
        properties.append(_tag("dc:description", subject))
    if keywords:
        properties.append(_tag("pdf:Keywords", _clean(keywords)))
        items = "".join(f"<rdf:li>{_clean(keyword)}</rdf:li>" for keyword in metadata.keywords)
        properties.append(_tag("dc:subject", f"<rdf:Bag>{items}</rdf:Bag>"))
    if metadata.identifier:
        properties.append(_tag("dc:identifier", _clean(metadata.identifier)))
        origin = _tag("stRef:documentID", _clean(metadata.identifier))
        properties.append(f'<xmpMM:DerivedFrom rdf:parseType="Resource">{origin}</xmpMM:DerivedFrom>')
    if metadata.author:
        properties.append(_tag("dc:creator", f"<rdf:Seq><rdf:li>{_clean(metadata.author)}</rdf:li></rdf:Seq>"))
    if metadata.issued:
        properties.append(_tag("dc:date", f"<rdf:Seq><rdf:li>{_clean(metadata.issued)}</rdf:li></rdf:Seq>"))
    properties += _render_own(metadata)
    return _PACKET.format(properties="\n".join(properties)).encode()


def _render_own(metadata: PdfMetadata) -> list[str]:
    """Our own properties with the description that ISO 19005-2, 6.6.2.3.3 asks for; none where none is known."""
    known = [(name, str(getattr(metadata, key)), told) for name, key, told in _OWN_PROPERTIES if getattr(metadata, key)]
    if not known:
        return []
    described = "".join(
        '<rdf:li rdf:parseType="Resource">'
        + _tag("pdfaProperty:name", name)
        + _tag("pdfaProperty:valueType", "Text")
        + _tag("pdfaProperty:category", "external")
        + _tag("pdfaProperty:description", told)
        + "</rdf:li>"
        for name, _, told in known
    )
    schema = (
        _tag("pdfaSchema:schema", "Sohoa document properties")
        + _tag("pdfaSchema:namespaceURI", _OWN_NAMESPACE)
        + _tag("pdfaSchema:prefix", "sohoa")
        + _tag("pdfaSchema:property", f"<rdf:Seq>{described}</rdf:Seq>")
    )
    listed = f'<rdf:Bag><rdf:li rdf:parseType="Resource">{schema}</rdf:li></rdf:Bag>'
    return [_tag("pdfaExtension:schemas", listed), *(_tag(f"sohoa:{name}", _clean(value)) for name, value, _ in known)]


def describe(metadata: PdfMetadata) -> dict[str, PdfValue]:
    """The information dictionary, saying the same as the XMP packet."""
    moment = _pdf_date(metadata.created)
    entries: dict[str, PdfValue] = {
        "Title": printable(metadata.title),
        "Creator": PRODUCER,
        "Producer": PRODUCER,
        "CreationDate": moment,
        "ModDate": moment,
    }
    if metadata.author:
        entries["Author"] = printable(metadata.author)
    if metadata.subject:
        entries["Subject"] = printable(metadata.subject)
    if metadata.keywords:
        entries["Keywords"] = printable(", ".join(metadata.keywords))
    return entries


def _tag(name: str, content: str) -> str:
    return f"<{name}>{content}</{name}>"


def _clean(text: str) -> str:
    return escape(printable(text))


def _pdf_date(moment: datetime) -> str:
    offset = moment.utcoffset()
    stamp = f"D:{moment:%Y%m%d%H%M%S}"
    if offset is None:
        return stamp
    minutes = round(offset.total_seconds() / 60)
    if minutes == 0:
        return stamp + "Z"
    return f"{stamp}{'+' if minutes > 0 else '-'}{abs(minutes) // 60:02}'{abs(minutes) % 60:02}'"
