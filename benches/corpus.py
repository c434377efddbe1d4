#!/usr/bin/env python3
"""Writes the site that `benches/compare` builds: N documents of an office's publicity work, for one generator.

usage: corpus.py N FOLDER --for civicast|hugo|zola [--pictures]

The words are the same for every generator: they are drawn from the sentences below by a fixed seed. Half of the documents
are notices, the rest reports and slogans; each has two topics and a department; with `--pictures` (civicast only) every tenth report opens with one of 24 pictures.
Settings and theme are not written here.
"""

import argparse
import datetime
import pathlib
import random
import struct
import zlib

SEED = 20260901
FIRST_DAY = datetime.date(2021, 9, 1)
DAYS = 1826
PICTURES = 24
SECTIONS = {"notices": ("通知公告", 50), "reports": ("活动报道", 30), "slogans": ("公益标语", 20)}

SENTENCES = [
    "各科室请于本周五下班前将自查情况报综合科，逾期未报的在月度例会上说明原因。",
    "食堂推行小份菜、半份菜，取餐台旁摆放提示牌，由值班员每日登记剩餐重量。",
    "办公楼内禁止吸烟，烟蒂桶统一移至东门外的吸烟点，请相互提醒。",
    "节假日前对配电间、锅炉房和地下车库各检查一次，记录由两人签字。",
    "志愿者分三组清理楼前绿地，共捡拾垃圾十二袋，扶正歪斜树苗四十余株。",
    "公务用车一律凭派车单出库，驾驶员出车前检查胎压、灯光和灭火器。",
    "会议室用后请关闭灯光、空调和投影设备，把桌椅摆回原处。",
    "礼让行人不是客套，斑马线前慢一步，安全就多一分。",
    "楼道和电梯间的宣传画每季度更换一次，破损的当日撤下。",
    "读书角新到图书六十册，内容涉及党史、法律、科普和本地风物。",
    "夏季室内空调温度不低于二十六摄氏度，人走之前先关机。",
    "义诊活动为退休职工测量血压、血糖，并建立了健康档案。",
    "雨雪天气请提前十五分钟出门，停车场入口处已铺设防滑垫。",
    "来访登记改用电子台账，仍保留纸质登记簿，供不使用手机的群众填写。",
    "垃圾分类投放点设在南门西侧，可回收物每周二、周五集中清运。",
    "窗口服务人员佩戴工作牌，首问负责，一次告知所需材料。",
    "消防演练从发现烟雾到全员撤离共用四分二十秒，比去年缩短了一分钟。",
    "请尊重每一位保洁员的劳动，不在公共区域堆放杂物。",
    "网络安全培训讲解了钓鱼邮件的识别方法，现场演示了三个真实案例。",
    "春季植树以本地树种为主，栽后由责任科室浇水养护三年。",
]
TOPICS = (
    "文明餐桌 节约用水 节约用电 禁烟控烟 绿色出行 垃圾分类 志愿服务 消防安全 网络安全 交通安全 "
    "全民阅读 职工健康 爱国卫生 植树造林 便民服务 防灾减灾 家庭家教 诚信建设 法治教育 民族团结"
).split()
DEPARTMENTS = "综合科 人事科 财务科 资产科 房产科 节能科 车辆科 膳食科 保卫科 信息科 机关党委 服务中心".split()
BLOCKS = ("工作安排", "有关要求", "时间地点", "参加人员", "检查情况", "下一步打算", "注意事项")


def paragraph(rng):
    return "".join(rng.choice(SENTENCES) for _ in range(rng.randint(2, 6)))


def steps(rng):
    return "\n".join(f"{n}. **{rng.choice(TOPICS)}**：{rng.choice(SENTENCES)}" for n in range(1, 5))


def table(rng):
    rows = [f"| {rng.choice(DEPARTMENTS)} | {rng.choice(TOPICS)} | {rng.randint(1, 30)} |" for _ in range(4)]
    return "\n".join(["| 科室 | 内容 | 人次 |", "| :--- | :--- | ---: |", *rows])


def body(rng, section, number):
    if section == "slogans":
        return rng.choice(SENTENCES) + "\n\n" + rng.choice(SENTENCES)
    blocks = []
    for part in range(1, rng.randint(3, 5) + 1):
        blocks.append(f"## 第{part}部分 {rng.choice(BLOCKS)}")
        blocks.extend(paragraph(rng) for _ in range(rng.randint(2, 4)))
        if rng.random() < 0.5:
            blocks.append(steps(rng))
        if rng.random() < 0.3:
            blocks.append(table(rng))
        if rng.random() < 0.2:
            blocks.append(f"> {rng.choice(SENTENCES)}\n\n附件见[下载页](https://example.org/files/{number})。")
    return "\n\n".join(blocks)


def names(words):
    return "[" + ", ".join(f'"{word}"' for word in words) + "]"


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def picture(number, width=1280, height=720):
    """A PNG of slanting stripes, each number with its own slant."""
    ramp = bytes(range(256)) * (2 * width // 64)
    rows = b"".join(b"\0" + ramp[(row * (number + 1)) % 256 :][: 3 * width] for row in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


def front_matter(title, day, topics, department, generator, image=None):
    lines = [f'title = "{title}"', f"date = {day}"]
    if image:
        lines += [f'image = "{image}"', 'image_alt = "活动现场"']
    match generator:
        case "civicast":
            lines += [f"topics = {names(topics)}", f'department = "{department}"']
        case "hugo":
            lines += [f"topics = {names(topics)}", f"departments = {names([department])}"]
        case "zola":
            lines += ["[taxonomies]", f"topics = {names(topics)}", f"departments = {names([department])}"]
    return "\n".join(lines)


def write(path, front, text):
    path.write_text(f"+++\n{front}\n+++\n\n{text}\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--for", dest="generator", required=True, choices=["civicast", "hugo", "zola"])
    parser.add_argument("--pictures", action="store_true")
    asked = parser.parse_args()
    content = asked.folder / "content"
    zola = asked.generator == "zola"
    for section, (title, _) in SECTIONS.items():
        (content / section).mkdir(parents=True, exist_ok=True)
        more = '\nsort_by = "date"\npaginate_by = 20\ngenerate_feeds = true' if zola else ""
        write(content / section / "_index.md", f'title = "{title}"{more}', "")
    if zola:
        write(content / "_index.md", 'title = "首页"\nsort_by = "date"', "")
    if asked.pictures:
        for number in range(PICTURES):
            (content / "reports" / f"{number:02}.png").write_bytes(picture(number))
    rng = random.Random(SEED)
    sections = list(SECTIONS)
    weights = [weight for _, weight in SECTIONS.values()]
    for number in range(asked.count):
        section = rng.choices(sections, weights)[0]
        title = f"{rng.choice(SENTENCES)[:20].rstrip('，。、')}（第{number}号）"
        day = FIRST_DAY + datetime.timedelta(days=rng.randrange(DAYS))
        image = f"{number % PICTURES:02}.png" if asked.pictures and section == "reports" and number % 10 == 0 else None
        front = front_matter(title, day, rng.sample(TOPICS, 2), rng.choice(DEPARTMENTS), asked.generator, image)
        write(content / section / f"{number:06}.md", front, body(rng, section, number))


main()
