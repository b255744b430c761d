"""What the file says about itself: conformance, title, colour (ISO 19005-2, 6.6; ISO 14289-1, 5)."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from functools import lru_cache
from xml.sax.saxutils import escape

from PIL import ImageCms
from reportlab.pdfbase import pdfdoc

from exports.document import Document
from exports.pdf.structure import text_string
from exports.text import on_one_line
from exports.wording import words

PRODUCER = "Nachweis"

_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about=""
 xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<pdfaid:part>2</pdfaid:part>
<pdfaid:conformance>A</pdfaid:conformance>
<pdfuaid:part>1</pdfuaid:part>
<dc:format>application/pdf</dc:format>
<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{author}</rdf:li></rdf:Seq></dc:creator>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{subject}</rdf:li></rdf:Alt></dc:description>
<xmp:CreateDate>{created}</xmp:CreateDate>
<xmp:ModifyDate>{created}</xmp:ModifyDate>
<xmp:CreatorTool>{producer}</xmp:CreatorTool>
<pdf:Producer>{producer}</pdf:Producer>
</rdf:Description>
<rdf:Description rdf:about=""
 xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#"
 xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>"""


def title(document: Document) -> str:
    """The title as one line; never empty, because readers announce it."""
    return on_one_line(document.title) or words(document.language).report


def xmp(document: Document) -> pdfdoc.PDFStream:
    """The metadata packet that declares PDF/A-2a and PDF/UA-1."""
    packet = _XMP.format(
        language=words(document.language).locale,
        title=escape(title(document)),
        author=escape(on_one_line(document.organisation)),
        subject=escape(on_one_line(document.subject)),
        created=_utc(document.created).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0"),
        producer=PRODUCER,
    )
    types = {"Type": "/Metadata", "Subtype": "/XML"}
    return pdfdoc.PDFStream(dictionary=pdfdoc.PDFDictionary(types), content=packet.encode("utf-8"))


def information(document: Document) -> pdfdoc.PDFDictionary:
    """The document information dictionary, saying the same as the metadata packet."""
    created = _utc(document.created).strftime("%Y%m%d%H%M%S").rjust(14, "0")
    moment = f"(D:{created}Z)"
    entries = {
        "Title": text_string(title(document)),
        "Author": text_string(on_one_line(document.organisation)),
        "Subject": text_string(on_one_line(document.subject)),
        "Creator": text_string(PRODUCER),
        "Producer": text_string(PRODUCER),
        "CreationDate": moment,
        "ModDate": moment,
    }
    return pdfdoc.PDFDictionary(entries)


def colour_profile() -> pdfdoc.PDFStream:
    """The sRGB profile all colours of the file refer to."""
    dictionary = pdfdoc.PDFDictionary({"N": 3, "Filter": "/FlateDecode"})
    return pdfdoc.PDFStream(dictionary=dictionary, content=zlib.compress(_srgb()))


def output_intent(profile: bytes) -> pdfdoc.PDFDictionary:
    """The declaration that colours are meant as sRGB (ISO 19005-2, 6.2.3)."""
    entries = {
        "Type": "/OutputIntent",
        "S": "/GTS_PDFA1",
        "OutputConditionIdentifier": "(sRGB IEC61966-2.1)",
        "Info": "(sRGB IEC61966-2.1)",
        "DestOutputProfile": profile,
    }
    return pdfdoc.PDFDictionary(entries)


@lru_cache(maxsize=1)
def _srgb() -> bytes:
    data = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # Bytes 24 to 35 hold the moment the library made the profile, 84 to 99 its checksum.
    data[24:36] = bytes((0x07, 0xD0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))
    data[84:100] = bytes(16)
    return bytes(data)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment.replace(tzinfo=UTC)
