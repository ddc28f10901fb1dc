"""Files in the styles of programs that wrote METS, ALTO and hOCR before us, small and made by hand for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PIL import Image, ImageDraw

from tests.drawn_pages import find_font

WORDS = (("CỘNG HÒA XÃ HỘI", 0.97), ("Số: 717/QĐ-UBND", 0.61), ("Hà Nội, ngày 06", None))


def alto(
    *, version: int = 4, unit: str = "pixel", scale: float = 1.0, size: tuple[int, int] = (1240, 1754), words=WORDS
) -> str:
    """A page with a line for each of ``words``, its words 150 units apart; boxes multiplied by ``scale``."""
    lines = []
    for row, (text, sure) in enumerate(words):
        strings = "<SP/>".join(
            f'<String ID="s{row}_{place}" CONTENT="{word}" HPOS="{(100 + 150 * place) * scale:.1f}" '
            f'VPOS="{(100 + 60 * row) * scale:.1f}" WIDTH="{120 * scale:.1f}" HEIGHT="{40 * scale:.1f}"'
            + (f' WC="{sure}"' if sure is not None else "")
            + "/>"
            for place, word in enumerate(text.split())
        )
        lines.append(f'<TextLine HPOS="100" VPOS="{100 + 60 * row}" WIDTH="900" HEIGHT="40">{strings}</TextLine>')
    extent = f'WIDTH="{size[0] * scale:.1f}" HEIGHT="{size[1] * scale:.1f}"' if size[0] else ""
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<alto xmlns="http://www.loc.gov/standards/alto/ns-v{version}#">'
        f"<Description><MeasurementUnit>{unit}</MeasurementUnit><OCRProcessing ID='OCR_0'><ocrProcessingStep>"
        "<processingSoftware><softwareCreator>ABBYY</softwareCreator><softwareName>FineReader Engine</softwareName>"
        "<softwareVersion>11</softwareVersion></processingSoftware></ocrProcessingStep></OCRProcessing></Description>"
        f'<Layout><Page ID="Page1" PHYSICAL_IMG_NR="1" {extent}><PrintSpace><ComposedBlock ID="c">'
        f'<TextBlock ID="b1">{"".join(lines)}</TextBlock></ComposedBlock></PrintSpace></Page></Layout></alto>'
    )


def picture(path: Path, *lines: str, size: tuple[int, int] = (1240, 1754)) -> Path:
    """A scan of A4 at 150 dpi with lines of print."""
    from PIL import ImageFont

    page = Image.new("L", size, 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(find_font()), 40)
    for row, line in enumerate(lines or [text for text, _ in WORDS]):
        pen.text((100, 100 + 60 * row), line, fill=0, font=font)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.save(path, dpi=(150, 150))
    return path


def kitodo(folder: Path, pages: int = 2, *, kind: str = "Dossier", mark: str = "Trang", checksums: bool = True) -> Path:
    """A package as Kitodo writes it: LOCAL masters, thumbnails, FULLTEXT, MODS; with papers of two and of one page at most.

    Returns the METS.
    """
    files, divisions, links = {"LOCAL": [], "FULLTEXT": [], "THUMBS": []}, [], []
    for number in range(1, pages + 1):
        name = f"{number:08d}"
        image = picture(folder / "images" / "master" / f"{name}.tif", f"{mark} {number}", *[text for text, _ in WORDS])
        text = folder / "ocr" / "alto" / f"{name}.xml"
        text.parent.mkdir(parents=True, exist_ok=True)
        text.write_text(alto(), encoding="utf-8")
        thumb = picture(folder / "images" / "thumbs" / f"{name}.jpg", size=(124, 175))
        for group, path, mime in (
            ("LOCAL", image, "image/tiff"),
            ("FULLTEXT", text, "text/xml"),
            ("THUMBS", thumb, "image/jpeg"),
        ):
            told = f'CHECKSUM="{hashlib.md5(path.read_bytes()).hexdigest()}" CHECKSUMTYPE="MD5"' if checksums else ""
            files[group].append(
                f'<mets:file ID="FILE_{number:04d}_{group}" MIMETYPE="{mime}" {told}><mets:FLocat LOCTYPE="URL" '
                f'xlink:href="{path.relative_to(folder)}"/></mets:file>'
            )
        pointers = "".join(f'<mets:fptr FILEID="FILE_{number:04d}_{group}"/>' for group in ("THUMBS", "LOCAL", "FULLTEXT"))
        divisions.append(f'<mets:div ID="PHYS_{number:04d}" ORDER="{number}" TYPE="page">{pointers}</mets:div>')
        paper = 1 if number <= 2 else 2
        links.append(f'<mets:smLink xlink:from="LOG_{paper:04d}" xlink:to="PHYS_{number:04d}"/>')
    papers = range(1, 2 if pages <= 2 else 3)
    described = "".join(
        f'<mets:dmdSec ID="DMD{paper}"><mets:mdWrap MDTYPE="MODS"><mets:xmlData><mods:mods><mods:titleInfo>'
        f"<mods:title>Quyết định {paper}</mods:title></mods:titleInfo><mods:originInfo><mods:dateIssued>2019-03-0{paper}"
        f'</mods:dateIssued></mods:originInfo><mods:identifier type="local">QD-{paper}/2019</mods:identifier>'
        "<mods:relatedItem><mods:titleInfo><mods:title>Loạt khác</mods:title></mods:titleInfo></mods:relatedItem>"
        "</mods:mods></mets:xmlData></mets:mdWrap></mets:dmdSec>"
        for paper in papers
    )
    logical = "".join(f'<mets:div ID="LOG_{paper:04d}" TYPE="Document" DMDID="DMD{paper}"/>' for paper in papers)
    groups = "".join(f'<mets:fileGrp USE="{group}">{"".join(listed)}</mets:fileGrp>' for group, listed in files.items())
    mets = folder / "meta.xml"
    mets.write_text(
        '<?xml version="1.0" encoding="UTF-8"?><mets:mets xmlns:mets="http://www.loc.gov/METS/" '
        'xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:mods="http://www.loc.gov/mods/v3">'
        f"{described}<mets:fileSec>{groups}</mets:fileSec>"
        f'<mets:structMap TYPE="LOGICAL"><mets:div ID="LOG_0000" TYPE="{kind}" LABEL="Hồ sơ 1" DMDID="DMD1">'
        f'{logical}</mets:div></mets:structMap><mets:structMap TYPE="PHYSICAL"><mets:div ID="PHYS_0000" TYPE="physSequence">'
        f"{''.join(divisions)}"
        f"</mets:div></mets:structMap><mets:structLink>{''.join(links)}</mets:structLink></mets:mets>",
        encoding="utf-8",
    )
    return mets


TESSERACT_HOCR = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
    "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title></title>
  <meta http-equiv="Content-Type" content="text/html;charset=utf-8"/>
  <meta name='ocr-system' content='tesseract 5.3.0' />
 </head>
 <body>
  <div class='ocr_page' id='page_1' title='image "{image}"; bbox 0 0 1240 1754; ppageno 0; scan_res 150 150'>
   <div class='ocr_carea' id='block_1_1' title="bbox 100 100 800 200">
    <p class='ocr_par' id='par_1_1' lang='vie' title="bbox 100 100 800 200">
     <span class='ocr_line' id='line_1_1' title="bbox 100 100 800 140; baseline 0 -9; x_size 40">
      <span class='ocrx_word' id='word_1_1' title='bbox 100 100 220 140; x_wconf 96'>C&#7896;NG</span>
      <span class='ocrx_word' id='word_1_2' title='bbox 250 100 370 140; x_wconf 41'><strong>HOA&#768;</strong></span>
     </span>
     <span class='ocr_header' id='line_1_2' title="bbox 100 160 800 200">
      <span class='ocrx_word' id='word_1_3' title='bbox 100 160 220 200; x_wconf 88'>A &amp; B</span>
     </span>
    </p>
   </div>
  </div>
 </body>
</html>
"""
#: HTML as ocropus wrote it: elements left open, lines without words.
OCROPUS_HOCR = """<!DOCTYPE html>
<html><head><meta name="ocr-system" content="ocropy 1.3"><meta charset="utf-8">
<body>
<div class='ocr_page' title='file {first}; bbox 0 0 1240 1754'>
<span class='ocr_line' title='bbox 100 100 500 140'>Độc lập - Tự do</span><br/>
<p>
<span class='ocr_line' title='bbox 100 160 500 200'>Hạnh phúc</span><br>
</div>
<div class='ocr_page' title='file {second}; bbox 0 0 1240 1754'>
<span class='ocr_line' title='bbox 100 100 500 140'>Trang hai</span>
</div>
"""
