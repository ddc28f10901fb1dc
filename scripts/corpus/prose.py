"""Invented official prose: subjects, legal bases, articles, reports, from small banks of phrases."""

from __future__ import annotations

from datetime import date, timedelta

from scripts.corpus import dates, people
from scripts.corpus.chance import Chance, listed

DEEDS = (
    "rà soát, cập nhật danh mục thủ tục hành chính thuộc phạm vi quản lý",
    "bố trí đủ kinh phí, trang thiết bị cho bộ phận một cửa",
    "số hóa hồ sơ, giấy tờ, kết quả giải quyết còn hiệu lực",
    "kiểm tra, đôn đốc việc chấp hành kỷ luật, kỷ cương hành chính",
    "tuyên truyền, phổ biến để người dân, tổ chức biết và thực hiện",
    "tổng hợp khó khăn, vướng mắc và đề xuất biện pháp tháo gỡ",
    "xây dựng kế hoạch chi tiết, phân công rõ người, rõ việc, rõ thời hạn",
    "đẩy nhanh tiến độ giải phóng mặt bằng các công trình trọng điểm",
    "quản lý chặt chẽ việc khai thác cát, sỏi trên các tuyến sông",
    "thẩm định thiết kế, dự toán trước khi trình phê duyệt",
    "lắp đặt biển báo, gờ giảm tốc tại các nút giao nguy hiểm",
    "tổ chức tập huấn kỹ năng sử dụng chữ ký số cho cán bộ, công chức",
    "công khai quỹ đất, giá đất và quy hoạch đã được duyệt",
    "phun thuốc khử khuẩn, tiêm phòng vắc xin cho đàn gia súc, gia cầm",
    "hỗ trợ hộ nghèo, hộ cận nghèo sửa chữa nhà ở bị tốc mái",
    "khắc phục triệt để tình trạng chậm, muộn trong trả kết quả",
    "niêm yết mức thu phí, lệ phí tại nơi tiếp nhận hồ sơ",
    "xử lý nghiêm hành vi lấn chiếm vỉa hè, lòng đường",
    "đối chiếu dữ liệu hộ tịch với cơ sở dữ liệu quốc gia về dân cư",
    "chuẩn bị nhân lực, phương tiện ứng phó bão, lũ, sạt lở đất",
    "nghiệm thu, bàn giao, đưa công trình vào sử dụng đúng tiến độ",
    "hướng dẫn người cao tuổi, người khuyết tật nộp hồ sơ trực tuyến",
    "bảo đảm an ninh, an toàn thông tin cho hệ thống phần mềm dùng chung",
    "lưu trữ, bảo quản tài liệu theo đúng thời hạn quy định",
    "thu hồi giấy phép của cơ sở không đủ điều kiện hoạt động",
    "nạo vét kênh mương, gia cố bờ bao, cống ngăn mặn",
    "khảo sát nhu cầu học nghề của lao động nông thôn",
    "kiểm kê, đánh giá hiện trạng rừng phòng hộ đầu nguồn",
    "giám sát chất lượng nước uống tại trường học, trạm y tế",
    "thống kê số lượng tàu cá đã lắp thiết bị giám sát hành trình",
)
ACTORS = listed(
    "Các sở, ban, ngành|Ủy ban nhân dân các xã, phường|Phòng Kinh tế và Hạ tầng|Văn phòng Đăng ký đất đai|"
    "Trung tâm Phục vụ hành chính công|Thủ trưởng các cơ quan, đơn vị|Kho bạc Nhà nước khu vực|Công an cấp xã|"
    "Bộ phận Tiếp nhận và Trả kết quả|Chi cục Thủy lợi|Ban Quản lý dự án đầu tư xây dựng|Hội Nông dân, Hội Phụ nữ|"
    "Phòng Văn hóa - Xã hội|Trưởng thôn, tổ trưởng tổ dân phố|Hạt Kiểm lâm|Chủ đầu tư và nhà thầu thi công"
)
AIMS = listed(
    "nhằm bảo đảm quyền và lợi ích hợp pháp của người dân|để rút ngắn thời gian giải quyết cho tổ chức, cá nhân|"
    "góp phần giảm chi phí tuân thủ thủ tục hành chính|nhằm nâng cao chỉ số hài lòng của người dân|"
    "phục vụ nhiệm vụ phát triển kinh tế - xã hội của địa phương|để không làm gián đoạn hoạt động của đơn vị|"
    "nhằm hạn chế thấp nhất thiệt hại do thiên tai gây ra|bảo đảm công khai, minh bạch, đúng quy định|"
    "phù hợp với điều kiện thực tế của từng xã, phường|tránh chồng chéo, bỏ sót nhiệm vụ"
)
WHEN = listed(
    "trước ngày {day}|trong tháng {month}/{year}|chậm nhất đến hết ngày {day}|từ nay đến hết năm {year}|"
    "trong thời hạn {small} ngày làm việc|định kỳ hằng quý|thường xuyên, liên tục|trong quý {quarter} năm {year}"
)
FACTS = (
    "Tổng số hồ sơ tiếp nhận là {n} hồ sơ, trong đó tiếp nhận trực tuyến {m} hồ sơ, đạt tỷ lệ {p}%.",
    "Đã giải quyết {n} hồ sơ; số hồ sơ trước hạn và đúng hạn chiếm {p}%, quá hạn {small} hồ sơ.",
    "Thu ngân sách trên địa bàn ước đạt {money} đồng, bằng {p}% dự toán được giao.",
    "Toàn xã có {n} hộ dân với {m} nhân khẩu, trong đó {small} hộ thuộc diện cận nghèo.",
    "Diện tích gieo trồng vụ hè thu đạt {area} ha, tăng {p}% so với cùng kỳ.",
    "Qua kiểm tra {small} cơ sở đã phát hiện, nhắc nhở {few} trường hợp thiếu sót về hồ sơ, sổ sách.",
    "Đến ngày {day}, kinh phí đã giải ngân là {money} đồng, số còn lại chuyển nguồn sang kỳ sau.",
    "Công trình có chiều dài {area} km, mặt đường rộng {few},5 m, kết cấu bê tông xi măng mác 250.",
    "Có {n} lượt học viên tham dự {small} lớp bồi dưỡng, kết quả xếp loại khá, giỏi đạt {p}%.",
    "Số văn bản đến là {n} văn bản; văn bản đi {m} văn bản, tỷ lệ ký số đạt {p}%.",
)
LINKS = (
    "Trong quá trình thực hiện, nếu có khó khăn, vướng mắc, các đơn vị phản ánh kịp thời để được hướng dẫn.",
    "Nhận được văn bản này, đề nghị các cơ quan, đơn vị nghiêm túc triển khai thực hiện.",
    "Những nội dung không quy định tại văn bản này thực hiện theo pháp luật hiện hành.",
    "Việc đánh giá được tiến hành khách quan, có biên bản và chữ ký của các bên liên quan.",
    "Hồ sơ, chứng từ phải được kiểm đếm, ghi sổ và giữ gìn cẩn thận, không để thất lạc, hư hỏng.",
    "Mọi hành vi gây nhũng nhiễu, phiền hà đều bị xem xét, xử lý kỷ luật theo mức độ vi phạm.",
    "Người đứng đầu chịu trách nhiệm về kết quả, chất lượng công việc của đơn vị mình.",
    "Trường hợp đột xuất, phát sinh thì báo cáo ngay qua điện thoại, sau đó gửi bằng văn bản.",
    "Ưu tiên giải quyết trước cho gia đình có công với cách mạng, đồng bào vùng sâu, vùng xa, hải đảo.",
    "Kết quả thực hiện là một tiêu chí để bình xét thi đua, khen thưởng cuối năm.",
)
TOPICS = (
    "công bố danh mục thủ tục hành chính được sửa đổi, bổ sung lĩnh vực {field}",
    "phê duyệt quy trình nội bộ giải quyết thủ tục hành chính lĩnh vực {field}",
    "tăng cường quản lý nhà nước về {field} trên địa bàn {area}",
    "triển khai số hóa hồ sơ, giấy tờ lĩnh vực {field} năm {year}",
    "thành lập Tổ công tác hỗ trợ người dân nộp hồ sơ trực tuyến tại {area}",
    "giao bổ sung dự toán chi thường xuyên năm {year} cho {office}",
    "phê duyệt chủ trương đầu tư công trình Nâng cấp đường {street} (giai đoạn {few})",
    "kiểm tra, rà soát hộ nghèo, hộ cận nghèo cuối năm {year}",
    "điều chỉnh quy hoạch chi tiết khu dân cư {hamlet}, {area}",
    "phòng, chống dịch bệnh trên đàn gia súc, gia cầm vụ đông xuân",
    "bảo đảm trật tự, an toàn giao thông dịp nghỉ lễ Quốc khánh năm {year}",
    "khắc phục hậu quả mưa lũ, ổn định đời sống nhân dân vùng sạt lở",
    "kiện toàn Ban Chỉ đạo chuyển đổi số {area}",
    "tổ chức tiếp xúc cử tri trước kỳ họp thường lệ giữa năm {year}",
    "ứng phó với áp thấp nhiệt đới gần bờ và mưa lớn diện rộng",
    "chấp thuận cho {office} tiếp nhận, sử dụng trụ sở làm việc cũ",
    "hỗ trợ tiền thuê nhà, tiền điện cho công nhân khu công nghiệp",
    "xử lý kiến nghị của hộ ông, bà liên quan đến bồi thường, tái định cư",
)
FIELDS = listed(
    "hộ tịch|đất đai|quản lý hoạt động xây dựng|bảo trợ xã hội|lưu thông hàng hóa|thủy lợi|lâm nghiệp|"
    "đăng ký biện pháp bảo đảm|viễn thông và in-tơ-nét|an toàn thực phẩm|giáo dục nghề nghiệp|chứng thực"
)
CONSTITUTION = "Căn cứ Hiến pháp nước Cộng hòa xã hội chủ nghĩa Việt Nam;"
LAW_NAMES = listed(
    "Bảo vệ nguồn nước ngầm|Quản lý công viên, cây xanh|Trợ giúp người yếu thế|Giao dịch giấy tờ số|"
    "Phát triển làng nghề|Lưu giữ dữ liệu hành chính|Khuyến khích đọc sách"
)
ACTS = (
    ("Luật Tổ chức chính quyền địa phương", "19/6/2015"),
    ("Luật Ban hành văn bản quy phạm pháp luật", "22/6/2015"),
    ("Luật Ngân sách nhà nước", "25/6/2015"),
    ("Luật Hộ tịch", "20/11/2014"),
    ("Luật Đất đai", "18/01/2024"),
    ("Luật Xây dựng", "18/6/2014"),
    ("Luật Giao dịch điện tử", "22/6/2023"),
)


def fill(chance: Chance, text: str, on: date) -> str:
    """``text`` with its ``{gaps}`` filled by invented amounts and days around ``on``."""
    later = on + timedelta(days=chance.whole(9, 160))
    return text.format(
        day=dates.slashed(later),
        month=f"{later.month:02d}",
        year=later.year,
        quarter=chance.pick(("I", "II", "III", "IV")),
        small=chance.whole(3, 30),
        few=f"0{chance.whole(2, 9)}" if chance.odds(0.3) else chance.whole(2, 9),
        n=grouped(chance.whole(1100, 98_000)),
        m=grouped(chance.whole(120, 1090)),
        p=f"{chance.whole(21, 99)},{chance.whole(1, 9)}",
        money=grouped(chance.whole(120, 9_900) * 1_000_000),
        area=f"{chance.whole(1, 900)},{chance.whole(1, 99):02d}",
    )


def grouped(number: int) -> str:
    """An integer with a full stop before each three digits, as Vietnamese papers write it."""
    return f"{number:,}".replace(",", ".")


def subject(chance: Chance, on: date, area: str, office: str) -> str:
    """What a paper is about, in lower case, without V/v."""
    return chance.pick(TOPICS).format(
        field=chance.pick(FIELDS),
        area=area,
        year=on.year,
        office=office,
        street=chance.pick(("Bờ Kênh", "Cầu Khỉ", "Đèo Ngang", "Liên Xã 7")),
        few=chance.whole(1, 3),
        hamlet=chance.pick(("Bầu Rục", "Đồng Giếng", "Cây Xoài", "Nà Phặc")),
    )


def sentence(chance: Chance, on: date) -> str:
    """One sentence of an order, a report or a remark."""
    roll = chance.whole(0, 9)
    if roll < 5:
        first = f"{chance.pick(ACTORS)} {chance.pick(('chủ động', 'khẩn trương', 'phối hợp', 'có trách nhiệm', 'tiếp tục'))}"
        text = f"{first} {chance.pick(DEEDS)}, {chance.pick(AIMS)}; hoàn thành {chance.pick(WHEN)}."
    elif roll < 7:
        text = chance.pick(FACTS)
    elif roll < 9:
        first, second = chance.some(DEEDS, 2)
        text = f"Giao {chance.pick(ACTORS)} {first}; đồng thời {second} {chance.pick(WHEN)}."
    else:
        text = chance.pick(LINKS)
    return fill(chance, text, on)


def paragraph(chance: Chance, on: date, sentences: int | None = None) -> str:
    """A few sentences."""
    return " ".join(sentence(chance, on) for _ in range(sentences or chance.whole(1, 3)))


def bases(chance: Chance, on: date, proposer: str) -> list[str]:
    """The legal bases that open a decision, ending with the proposal."""
    acts = [
        f"Căn cứ {name} ngày {day}{chance.pick(('', '', ' (sửa đổi, bổ sung năm 2019)'))};"
        for name, day in chance.some(ACTS, chance.whole(1, 3))
    ]
    decree = chance.day(date(on.year - 6, 1, 5), on)
    acts.append(
        f"Căn cứ Nghị định số {chance.whole(10, 160)}/{decree.year}/NĐ-CP ngày {dates.slashed(decree)} của Chính phủ "
        f"quy định chi tiết một số điều và biện pháp thi hành {chance.pick(ACTS)[0]};"
    )
    paper = chance.day(date(on.year, 1, 1), on) if on.month > 1 else on
    acts.append(
        f"{chance.pick(('Theo đề nghị của', 'Xét đề nghị của'))} {proposer} tại Tờ trình số {chance.whole(11, 890)}/TTr-"
        f"{chance.pick(('STP', 'SXD', 'VP', 'SNV'))} ngày {dates.slashed(paper)}."
    )
    return acts


TUNE_RECIPIENTS = (
    "Văn phòng Chính phủ",
    "Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh và các tổ chức chính trị - xã hội",
    "Đài Phát thanh và Truyền hình tỉnh",
    "Như Điều 2 (để thực hiện)",
)
HELD_OUT_RECIPIENTS = (
    "Cục Kiểm tra văn bản và Quản lý xử lý vi phạm hành chính",
    "Đoàn đại biểu Quốc hội tỉnh",
    "Các doanh nghiệp, hợp tác xã trên địa bàn",
    "Chủ tịch UBND các xã, phường (để chỉ đạo)",
)


def recipients(chance: Chance, code: str) -> list[str]:
    """The list under Nơi nhận, without dashes."""
    first = chance.pick(("Như trên", "Như Điều 3", "Như kính gửi"))
    middle = chance.some(
        (
            "Bộ Tư pháp (để báo cáo)", "Thường trực Đảng ủy", "Thường trực HĐND tỉnh", "CT, các PCT UBND tỉnh",
            "Các sở, ban, ngành", "UBND các xã, phường", "Cổng Thông tin điện tử", "Trung tâm PVHCC", "VPUB: CVP, PCVP",
            "Kho bạc Nhà nước", "Công báo", "Lãnh đạo Sở", "Các phòng chuyên môn",
            *(TUNE_RECIPIENTS if chance.split == "tune" else HELD_OUT_RECIPIENTS),
        ),
        chance.whole(1, 5),
    )  # fmt: skip
    return [first, *middle, f"Lưu: VT, {code}.{people.draw_name(chance, True).split()[-1]}{chance.whole(1, 9)}b"
            if chance.odds(0.3) else f"Lưu: VT, {code}"]  # fmt: skip
