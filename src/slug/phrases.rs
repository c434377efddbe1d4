//! Words in which a character is not read as it mostly is, as they occur in official texts and names of places.
//! Tables and nothing else: a word, and its syllables.

/// Word → syllables with spaces between. Grouped by the character in question. The longest match wins; words read as
/// one would expect stand here to keep their characters from being taken for part of another word.
#[rustfmt::skip] // One word per line would make a thousand lines of it.
pub(super) const PHRASES: &[(&str, &str)] = &[
    // 行 háng, xíng
    ("行走", "xing zou"), ("同行", "tong xing"), ("银行", "yin hang"), ("行业", "hang ye"), ("行长", "hang zhang"),
    ("分行", "fen hang"), ("支行", "zhi hang"), ("总行", "zong hang"), ("央行", "yang hang"), ("商行", "shang hang"),
    ("工行", "gong hang"), ("农行", "nong hang"), ("建行", "jian hang"), ("同行业", "tong hang ye"),
    ("各行各业", "ge hang ge ye"), ("行列", "hang lie"), ("行情", "hang qing"), ("内行", "nei hang"), ("外行", "wai hang"),
    ("行家", "hang jia"), ("行当", "hang dang"), ("排行", "pai hang"), ("本行", "ben hang"), ("转行", "zhuan hang"),
    ("跨行", "kua hang"), ("两行", "liang hang"), ("第一行", "di yi hang"), ("太行", "tai hang"), ("行动", "xing dong"),
    ("行政", "xing zheng"), ("发行", "fa xing"), ("执行", "zhi xing"), ("举行", "ju xing"), ("进行", "jin xing"),
    ("行驶", "xing shi"), ("行为", "xing wei"), ("行使", "xing shi"), ("行人", "xing ren"), ("出行", "chu xing"),
    ("推行", "tui xing"), ("行程", "xing cheng"),
    // 长 zhǎng, cháng
    ("局长", "ju zhang"), ("市长", "shi zhang"), ("县长", "xian zhang"), ("区长", "qu zhang"), ("镇长", "zhen zhang"),
    ("乡长", "xiang zhang"), ("村长", "cun zhang"), ("省长", "sheng zhang"), ("州长", "zhou zhang"),
    ("院长", "yuan zhang"), ("校长", "xiao zhang"), ("处长", "chu zhang"), ("科长", "ke zhang"), ("部长", "bu zhang"),
    ("厅长", "ting zhang"), ("司长", "si zhang"), ("会长", "hui zhang"), ("队长", "dui zhang"), ("组长", "zu zhang"),
    ("站长", "zhan zhang"), ("所长", "suo zhang"), ("馆长", "guan zhang"), ("班长", "ban zhang"), ("厂长", "chang zhang"),
    ("家长", "jia zhang"), ("首长", "shou zhang"), ("秘书长", "mi shu zhang"), ("理事长", "li shi zhang"),
    ("董事长", "dong shi zhang"), ("检察长", "jian cha zhang"), ("河长", "he zhang"), ("湖长", "hu zhang"),
    ("林长", "lin zhang"), ("田长", "tian zhang"), ("链长", "lian zhang"), ("楼长", "lou zhang"), ("路长", "lu zhang"),
    ("街长", "jie zhang"), ("点长", "dian zhang"), ("室长", "shi zhang"), ("社长", "she zhang"), ("店长", "dian zhang"),
    ("船长", "chuan zhang"), ("列车长", "lie che zhang"), ("护士长", "hu shi zhang"), ("网格长", "wang ge zhang"),
    ("成长", "cheng zhang"), ("增长", "zeng zhang"), ("生长", "sheng zhang"), ("长大", "zhang da"), ("助长", "zhu zhang"),
    ("长辈", "zhang bei"), ("年长", "nian zhang"), ("长者", "zhang zhe"), ("长老", "zhang lao"), ("长子", "zhang zi"),
    ("兄长", "xiong zhang"), ("师长", "shi zhang"), ("滋长", "zi zhang"), ("见长", "jian chang"), ("长期", "chang qi"),
    ("长效", "chang xiao"), ("长远", "chang yuan"), ("长江", "chang jiang"), ("长城", "chang cheng"),
    ("长春", "chang chun"), ("长沙", "chang sha"), ("长安", "chang an"), ("长治", "chang zhi"), ("长征", "chang zheng"),
    ("长度", "chang du"), ("长廊", "chang lang"), ("长三角", "chang san jiao"), ("延长", "yan chang"),
    ("特长", "te chang"), ("专长", "zhuan chang"), ("擅长", "shan chang"), ("时长", "shi chang"), ("长处", "chang chu"),
    ("长寿", "chang shou"), ("长假", "chang jia"), ("全长", "quan chang"), ("漫长", "man chang"), ("长途", "chang tu"),
    ("长跑", "chang pao"), ("长短", "chang duan"), ("长乐", "chang le"), ("长兴", "chang xing"), ("长葛", "chang ge"),
    ("长垣", "chang yuan"), ("长丰", "chang feng"), ("长白山", "chang bai shan"), ("长河", "chang he"),
    ("长久", "chang jiu"), ("长龙", "chang long"), ("长桌", "chang zhuo"), ("边长", "bian chang"), ("波长", "bo chang"),
    ("细长", "xi chang"), ("长椅", "chang yi"), ("长安街", "chang an jie"),
    // 重 chóng, zhòng
    ("重组织", "zhong zu zhi"), ("侧重", "ce zhong"), ("着重", "zhuo zhong"), ("隆重", "long zhong"),
    ("慎重", "shen zhong"), ("并重", "bing zhong"), ("繁重", "fan zhong"), ("沉重", "chen zhong"), ("贵重", "gui zhong"),
    ("偏重", "pian zhong"), ("重庆", "chong qing"), ("重阳", "chong yang"), ("重复", "chong fu"), ("重新", "chong xin"),
    ("重建", "chong jian"), ("重申", "chong shen"), ("重温", "chong wen"), ("重组", "chong zu"), ("重启", "chong qi"),
    ("重修", "chong xiu"), ("重现", "chong xian"), ("重逢", "chong feng"), ("重返", "chong fan"), ("重塑", "chong su"),
    ("重叠", "chong die"), ("重印", "chong yin"), ("重播", "chong bo"), ("双重", "shuang chong"), ("多重", "duo chong"),
    ("三重", "san chong"), ("重重", "chong chong"), ("重整", "chong zheng"), ("重置", "chong zhi"), ("重做", "chong zuo"),
    ("重走", "chong zou"), ("九九重阳", "jiu jiu chong yang"), ("重要", "zhong yao"), ("重点", "zhong dian"),
    ("重大", "zhong da"), ("重视", "zhong shi"), ("尊重", "zun zhong"), ("严重", "yan zhong"), ("注重", "zhu zhong"),
    ("体重", "ti zhong"), ("起重", "qi zhong"),
    // 会 kuài
    ("会计", "kuai ji"), ("财会", "cai kuai"), ("会稽", "kuai ji"),
    // 调 tiáo, diào
    ("调整", "tiao zheng"), ("调休", "tiao xiu"), ("调节", "tiao jie"), ("调解", "tiao jie"), ("调控", "tiao kong"),
    ("调试", "tiao shi"), ("调和", "tiao he"), ("空调", "kong tiao"), ("协调", "xie tiao"), ("烹调", "peng tiao"),
    ("调料", "tiao liao"), ("调味", "tiao wei"), ("调价", "tiao jia"), ("微调", "wei tiao"), ("失调", "shi tiao"),
    ("调皮", "tiao pi"), ("调剂", "tiao ji"), ("调理", "tiao li"), ("众口难调", "zhong kou nan tiao"),
    ("风调雨顺", "feng tiao yu shun"), ("调优", "tiao you"), ("上调", "shang tiao"), ("下调", "xia tiao"),
    ("调查", "diao cha"), ("调研", "diao yan"), ("调动", "diao dong"), ("调度", "diao du"), ("调配", "diao pei"),
    ("调任", "diao ren"), ("调离", "diao li"), ("调取", "diao qu"), ("调用", "diao yong"), ("调入", "diao ru"),
    ("调出", "diao chu"), ("调运", "diao yun"), ("调拨", "diao bo"), ("调阅", "diao yue"), ("调换", "diao huan"),
    ("抽调", "chou diao"), ("借调", "jie diao"), ("强调", "qiang diao"), ("基调", "ji diao"), ("声调", "sheng diao"),
    ("曲调", "qu diao"), ("步调", "bu diao"), ("格调", "ge diao"), ("色调", "se diao"), ("外调", "wai diao"),
    ("选调", "xuan diao"), ("选调生", "xuan diao sheng"), ("商调", "shang diao"), ("函调", "han diao"),
    ("普调", "pu tiao"), ("低调", "di diao"), ("高调", "gao diao"), ("调门", "diao men"), ("论调", "lun diao"),
    ("征调", "zheng diao"), ("民调", "min diao"),
    // 乐 lè, yuè
    ("民乐团", "min yue tuan"), ("国乐团", "guo yue tuan"), ("音乐", "yin yue"), ("乐器", "yue qi"), ("乐队", "yue dui"),
    ("乐团", "yue tuan"), ("声乐", "sheng yue"), ("乐曲", "yue qu"), ("交响乐", "jiao xiang yue"), ("器乐", "qi yue"),
    ("奏乐", "zou yue"), ("礼乐", "li yue"), ("鼓乐", "gu yue"), ("乐章", "yue zhang"), ("乐谱", "yue pu"),
    ("管弦乐", "guan xian yue"), ("配乐", "pei yue"), ("乐理", "yue li"), ("雅乐", "ya yue"), ("乐清", "yue qing"),
    ("快乐", "kuai le"), ("欢乐", "huan le"), ("娱乐", "yu le"), ("乐于", "le yu"), ("乐山", "le shan"),
    ("乐观", "le guan"), ("乐园", "le yuan"), ("乐意", "le yi"), ("乐业", "le ye"), ("同乐", "tong le"),
    ("俱乐部", "ju le bu"), ("乐亭", "lao ting"), ("乐陵", "lao ling"),
    // 朝 cháo, zhāo
    ("朝阳", "chao yang"), ("朝鲜", "chao xian"), ("朝代", "chao dai"), ("王朝", "wang chao"), ("唐朝", "tang chao"),
    ("明朝", "ming chao"), ("清朝", "qing chao"), ("宋朝", "song chao"), ("朝向", "chao xiang"), ("朝着", "chao zhe"),
    ("坐北朝南", "zuo bei chao nan"), ("朝天", "chao tian"), ("朝气", "zhao qi"), ("朝夕", "zhao xi"), ("朝霞", "zhao xia"),
    ("朝晖", "zhao hui"), ("今朝", "jin zhao"), ("朝花", "zhao hua"), ("朝三暮四", "zhao san mu si"),
    ("朝阳产业", "zhao yang chan ye"),
    // 藏 zàng, cáng
    ("西藏", "xi zang"), ("藏族", "zang zu"), ("藏文", "zang wen"), ("藏历", "zang li"), ("藏语", "zang yu"),
    ("藏医", "zang yi"), ("藏药", "zang yao"), ("宝藏", "bao zang"), ("青藏", "qing zang"), ("援藏", "yuan zang"),
    ("川藏", "chuan zang"), ("进藏", "jin zang"), ("在藏", "zai zang"), ("藏区", "zang qu"), ("涉藏", "she zang"),
    ("藏南", "zang nan"), ("藏香", "zang xiang"), ("藏羚羊", "zang ling yang"), ("藏式", "zang shi"),
    ("大藏经", "da zang jing"), ("收藏", "shou cang"), ("馆藏", "guan cang"), ("珍藏", "zhen cang"), ("冷藏", "leng cang"),
    ("储藏", "chu cang"), ("隐藏", "yin cang"), ("藏书", "cang shu"), ("藏品", "cang pin"), ("矿藏", "kuang cang"),
    ("蕴藏", "yun cang"), ("躲藏", "duo cang"), ("贮藏", "zhu cang"),
    // 还 huán
    ("还款", "huan kuan"), ("偿还", "chang huan"), ("归还", "gui huan"), ("退还", "tui huan"), ("返还", "fan huan"),
    ("还原", "huan yuan"), ("还贷", "huan dai"), ("还清", "huan qing"), ("还书", "huan shu"), ("还林", "huan lin"),
    ("还草", "huan cao"), ("还湿", "huan shi"), ("还田", "huan tian"), ("还湖", "huan hu"), ("还本", "huan ben"),
    ("还乡", "huan xiang"), ("交还", "jiao huan"), ("奉还", "feng huan"), ("借还", "jie huan"), ("发还", "fa huan"),
    ("送还", "song huan"), ("生还", "sheng huan"), ("还债", "huan zhai"), ("还路于民", "huan lu yu min"),
    ("还绿", "huan lv"), ("还有", "hai you"), ("还是", "hai shi"), ("还要", "hai yao"), ("还将", "hai jiang"),
    // 都 dū, dōu
    ("都市", "du shi"), ("首都", "shou du"), ("成都", "cheng du"), ("古都", "gu du"), ("都江堰", "du jiang yan"),
    ("国都", "guo du"), ("京都", "jing du"), ("定都", "ding du"), ("花都", "hua du"), ("武都", "wu du"),
    ("丰都", "feng du"), ("都匀", "du yun"), ("都兰", "du lan"), ("昌都", "chang du"), ("之都", "zhi du"),
    ("新都", "xin du"), ("迁都", "qian du"), ("建都", "jian du"), ("都是", "dou shi"), ("都有", "dou you"),
    ("都能", "dou neng"), ("都要", "dou yao"), ("人人都", "ren ren dou"),
    // 单 shàn, dān
    ("单县", "shan xian"), ("单位", "dan wei"), ("名单", "ming dan"), ("清单", "qing dan"), ("单独", "dan du"),
    // 率 lǜ, shuài
    ("效率", "xiao lv"), ("比率", "bi lv"), ("概率", "gai lv"), ("利率", "li lv"), ("税率", "shui lv"), ("汇率", "hui lv"),
    ("频率", "pin lv"), ("速率", "su lv"), ("覆盖率", "fu gai lv"), ("合格率", "he ge lv"), ("满意率", "man yi lv"),
    ("完成率", "wan cheng lv"), ("增长率", "zeng zhang lv"), ("利用率", "li yong lv"), ("率先", "shuai xian"),
    ("率领", "shuai ling"), ("率队", "shuai dui"), ("率团", "shuai tuan"), ("表率", "biao shuai"), ("坦率", "tan shuai"),
    ("草率", "cao shuai"), ("轻率", "qing shuai"), ("直率", "zhi shuai"), ("统率", "tong shuai"),
    // 角 jué, jiǎo
    ("角色", "jue se"), ("主角", "zhu jue"), ("配角", "pei jue"), ("角逐", "jue zhu"), ("名角", "ming jue"),
    ("丑角", "chou jue"), ("角力", "jue li"), ("口角", "kou jue"), ("视角", "shi jiao"), ("角度", "jiao du"),
    ("死角", "si jiao"),
    // 参 cān, shēn, cēn
    ("参加", "can jia"), ("参与", "can yu"), ("参观", "can guan"), ("参考", "can kao"), ("参会", "can hui"),
    ("参谋", "can mou"), ("参照", "can zhao"), ("参公", "can gong"), ("人参", "ren shen"), ("党参", "dang shen"),
    ("海参", "hai shen"), ("参茸", "shen rong"), ("丹参", "dan shen"), ("西洋参", "xi yang shen"), ("参差", "cen ci"),
    // 划 huà, huá
    ("计划", "ji hua"), ("规划", "gui hua"), ("划分", "hua fen"), ("划定", "hua ding"), ("策划", "ce hua"),
    ("区划", "qu hua"), ("谋划", "mou hua"), ("划转", "hua zhuan"), ("划拨", "hua bo"), ("划船", "hua chuan"),
    // 数 shù, shǔ, shuò
    ("数据", "shu ju"), ("数字", "shu zi"), ("数量", "shu liang"), ("人数", "ren shu"), ("数一数二", "shu yi shu er"),
    ("数见不鲜", "shuo jian bu xian"),
    // 中 zhòng and 奖
    ("中奖", "zhong jiang"), ("中标", "zhong biao"), ("中毒", "zhong du"),
    // 处 chǔ, chù
    ("处理", "chu li"), ("处置", "chu zhi"), ("办事处", "ban shi chu"), ("处罚", "chu fa"), ("处分", "chu fen"),
    // 干 gàn, gān
    ("干部", "gan bu"), ("干净", "gan jing"), ("干旱", "gan han"), ("骨干", "gu gan"), ("能干", "neng gan"),
    ("干事", "gan shi"),
    // 应 yìng, yīng: one syllable
    ("应急", "ying ji"), ("应用", "ying yong"), ("响应", "xiang ying"), ("应当", "ying dang"),
    // 传 chuán, zhuàn
    ("传达", "chuan da"), ("宣传", "xuan chuan"), ("传统", "chuan tong"), ("传承", "chuan cheng"), ("传播", "chuan bo"),
    ("传记", "zhuan ji"), ("自传", "zi zhuan"), ("列传", "lie zhuan"), ("水浒传", "shui hu zhuan"), ("小传", "xiao zhuan"),
    ("立传", "li zhuan"), ("英雄传", "ying xiong zhuan"), ("评传", "ping zhuan"),
    // 量 liàng, liáng: one syllable
    ("质量", "zhi liang"), ("测量", "ce liang"),
    // 降 jiàng, xiáng
    ("降低", "jiang di"), ("下降", "xia jiang"), ("降温", "jiang wen"), ("投降", "tou xiang"), ("降服", "xiang fu"),
    ("归降", "gui xiang"), ("受降", "shou xiang"), ("诈降", "zha xiang"),
    // 广 guǎng, 厂 chǎng: the crate may know older readings
    ("广场", "guang chang"), ("广告", "guang gao"), ("广播", "guang bo"), ("推广", "tui guang"), ("工厂", "gong chang"),
    ("厂区", "chang qu"), ("药厂", "yao chang"),
    // 省 xǐng, shěng
    ("反省", "fan xing"), ("自省", "zi xing"), ("省察", "xing cha"), ("发人深省", "fa ren shen xing"), ("省悟", "xing wu"),
    ("节省", "jie sheng"), ("省级", "sheng ji"), ("省市", "sheng shi"),
    // 弹 dàn, tán
    ("弹性", "tan xing"), ("弹琴", "tan qin"), ("弹奏", "tan zou"), ("弹劾", "tan he"), ("反弹", "fan tan"),
    ("弹簧", "tan huang"), ("导弹", "dao dan"), ("炸弹", "zha dan"), ("子弹", "zi dan"), ("弹药", "dan yao"),
    ("弹窗", "tan chuang"),
    // 识 shí, zhì
    ("标识", "biao zhi"), ("标识码", "biao zhi ma"), ("博闻强识", "bo wen qiang zhi"), ("知识", "zhi shi"),
    ("意识", "yi shi"), ("识别", "shi bie"), ("认识", "ren shi"),
    // 校 jiào, xiào
    ("高校", "gao xiao"), ("院校", "yuan xiao"), ("党校", "dang xiao"), ("全校", "quan xiao"), ("我校", "wo xiao"),
    ("母校", "mu xiao"), ("校对", "jiao dui"), ("校准", "jiao zhun"), ("校正", "jiao zheng"), ("校验", "jiao yan"),
    ("审校", "shen jiao"), ("校稿", "jiao gao"), ("检校", "jian jiao"), ("校订", "jiao ding"), ("学校", "xue xiao"),
    ("校园", "xiao yuan"), ("校车", "xiao che"),
    // 载 zǎi, zài
    ("刊载", "kan zai"), ("下载", "xia zai"), ("转载", "zhuan zai"), ("载体", "zai ti"), ("记载", "ji zai"),
    ("千载", "qian zai"),
    // 供 gōng, gòng; 为 wéi; 得 dé: one syllable each.
    // 差 chāi, chà, cī
    ("办公", "ban gong"), ("出差", "chu chai"), ("差旅", "chai lv"), ("差事", "chai shi"), ("邮差", "you chai"),
    ("差遣", "chai qian"), ("钦差", "qin chai"), ("兼差", "jian chai"), ("差距", "cha ju"), ("差异", "cha yi"),
    ("误差", "wu cha"), ("差别", "cha bie"), ("差价", "cha jia"), ("偏差", "pian cha"),
    // 折 zhé, shé
    ("打折", "da zhe"), ("折旧", "zhe jiu"), ("折合", "zhe he"), ("折本", "she ben"), ("骨折", "gu zhe"),
    // 曾 céng, zēng
    ("曾经", "ceng jing"), ("曾任", "ceng ren"), ("曾祖", "zeng zu"), ("不曾", "bu ceng"), ("未曾", "wei ceng"),
    // 着 zhe, zháo, zhuó
    ("着力", "zhuo li"), ("着手", "zhuo shou"), ("着眼", "zhuo yan"), ("着装", "zhuo zhuang"), ("着陆", "zhuo lu"),
    ("着火", "zhao huo"), ("着急", "zhao ji"), ("沿着", "yan zhe"), ("随着", "sui zhe"), ("围绕着", "wei rao zhe"),
    ("着实", "zhuo shi"), ("着想", "zhuo xiang"), ("执着", "zhi zhuo"), ("附着", "fu zhuo"), ("穿着", "chuan zhuo"),
    // 了 liǎo, le
    ("了解", "liao jie"), ("为了", "wei le"), ("了结", "liao jie"), ("明了", "ming liao"), ("受不了", "shou bu liao"),
    ("一目了然", "yi mu liao ran"), ("罢了", "ba le"), ("了不起", "liao bu qi"), ("终了", "zhong liao"),
    ("未了", "wei liao"), ("了如指掌", "liao ru zhi zhang"), ("了断", "liao duan"),
    // 地 dì, de; 的 de, dí, dì
    ("地方", "di fang"), ("地区", "di qu"), ("目的", "mu di"), ("有的放矢", "you di fang shi"), ("的确", "di que"),
    // 没 mò, méi
    ("没收", "mo shou"), ("淹没", "yan mo"), ("埋没", "mai mo"), ("沉没", "chen mo"), ("没有", "mei you"),
    ("出没", "chu mo"), ("没落", "mo luo"),
    // 给 jǐ, gěi
    ("供给", "gong ji"), ("给予", "ji yu"), ("补给", "bu ji"), ("给水", "ji shui"), ("给养", "ji yang"),
    ("自给自足", "zi ji zi zu"), ("配给", "pei ji"), ("给排水", "ji pai shui"), ("给付", "ji fu"), ("交给", "jiao gei"),
    ("发给", "fa gei"), ("提供给", "ti gong gei"),
    // 强 qiǎng, jiàng; one syllable mostly
    ("倔强", "jue jiang"),
    // 解 xiè, jiě; 仇, 区, 任, 华 as names are left to the dictionary.
    ("解州", "xie zhou"), ("浑身解数", "hun shen xie shu"), ("押解", "ya jie"), ("解放", "jie fang"),
    // 血 xuè, xiě
    ("献血", "xian xue"), ("血液", "xue ye"), ("无偿献血", "wu chang xian xue"), ("流血", "liu xue"), ("血压", "xue ya"),
    // 薄 bó, báo, bò
    ("薄弱", "bo ruo"), ("薄荷", "bo he"), ("薄膜", "bo mo"), ("淡薄", "dan bo"), ("厚薄", "hou bo"), ("浅薄", "qian bo"),
    // 露 lòu, lù
    ("露面", "lou mian"), ("露天", "lu tian"), ("披露", "pi lu"), ("露营", "lu ying"), ("暴露", "bao lu"),
    ("泄露", "xie lou"),
    // 落 là, lào, luò
    ("落实", "luo shi"), ("落款", "luo kuan"), ("落枕", "lao zhen"), ("丢三落四", "diu san la si"), ("角落", "jiao luo"),
    ("院落", "yuan luo"), ("部落", "bu luo"),
    // 模 mú, mó
    ("模范", "mo fan"), ("劳模", "lao mo"), ("模式", "mo shi"), ("规模", "gui mo"), ("模型", "mo xing"),
    ("模样", "mu yang"), ("模具", "mu ju"), ("模板", "mu ban"), ("模块", "mo kuai"), ("装模作样", "zhuang mu zuo yang"),
    // 泊 pō, bó
    ("停泊", "ting bo"), ("泊位", "bo wei"), ("湖泊", "hu po"), ("漂泊", "piao bo"), ("血泊", "xue po"),
    ("梁山泊", "liang shan po"), ("罗布泊", "luo bu po"),
    // 宿 sù, xiǔ, xiù
    ("宿舍", "su she"), ("住宿", "zhu su"), ("宿迁", "su qian"), ("宿州", "su zhou"), ("民宿", "min su"),
    ("食宿", "shi su"), ("星宿", "xing xiu"), ("一宿", "yi xiu"),
    // 乘 chéng, shèng
    ("乘车", "cheng che"), ("乘客", "cheng ke"), ("乘坐", "cheng zuo"), ("上乘", "shang cheng"), ("史乘", "shi sheng"),
    ("大乘", "da cheng"),
    // 盛 shèng, chéng
    ("盛饭", "cheng fan"), ("盛放", "sheng fang"), ("盛装", "sheng zhuang"), ("盛大", "sheng da"),
    // 卡 kǎ, qiǎ
    ("关卡", "guan qia"), ("卡点", "qia dian"), ("卡口", "qia kou"), ("哨卡", "shao qia"), ("发卡", "fa ka"),
    ("卡片", "ka pian"), ("刷卡", "shua ka"), ("打卡点", "da ka dian"), ("打卡", "da ka"), ("设卡", "she qia"),
    // 尽 jǐn, jìn: one syllable. 系 jì, xì
    ("关系", "guan xi"), ("联系", "lian xi"), ("系列", "xi lie"), ("系统", "xi tong"), ("系好", "ji hao"),
    ("系鞋带", "ji xie dai"), ("系安全带", "ji an quan dai"), ("系领带", "ji ling dai"), ("系红领巾", "ji hong ling jin"),
    // 栅, 厦, 峙, 蚌, 亳 … names of places
    ("厦门", "xia men"), ("大厦", "da sha"), ("广厦", "guang sha"), ("六安", "lu an"), ("六合", "lu he"),
    ("蚌埠", "beng bu"), ("亳州", "bo zhou"), ("台州", "tai zhou"), ("丽水", "li shui"), ("天台", "tian tai"),
    ("洪洞", "hong tong"), ("大同", "da tong"), ("繁峙", "fan shi"), ("临汾", "lin fen"), ("番禺", "pan yu"),
    ("东莞", "dong guan"), ("大埔", "da bu"), ("黄埔", "huang pu"), ("尉犁", "yu li"), ("尉氏", "wei shi"),
    ("铅山", "yan shan"), ("婺源", "wu yuan"), ("莘县", "shen xian"), ("莘庄", "xin zhuang"), ("牟平", "mu ping"),
    ("中牟", "zhong mu"), ("荥阳", "xing yang"), ("荥经", "ying jing"), ("浚县", "xun xian"), ("柘城", "zhe cheng"),
    ("郓城", "yun cheng"), ("鄄城", "juan cheng"), ("东阿", "dong e"), ("阿胶", "e jiao"), ("阿房宫", "e pang gong"),
    ("阿克苏", "a ke su"), ("阿拉善", "a la shan"), ("枞阳", "zong yang"), ("歙县", "she xian"), ("黟县", "yi xian"),
    ("濮阳", "pu yang"), ("渑池", "mian chi"), ("涡阳", "guo yang"), ("监利", "jian li"), ("蕲春", "qi chun"),
    ("黄陂", "huang pi"), ("郴州", "chen zhou"), ("耒阳", "lei yang"), ("儋州", "dan zhou"), ("泸州", "lu zhou"),
    ("犍为", "qian wei"), ("筠连", "jun lian"), ("珙县", "gong xian"), ("邛崃", "qiong lai"), ("郫都", "pi du"),
    ("綦江", "qi jiang"), ("涪陵", "fu ling"), ("北碚", "bei bei"), ("勐海", "meng hai"), ("盱眙", "xu yi"),
    ("邗江", "han jiang"), ("邳州", "pi zhou"), ("甪直", "lu zhi"), ("溧阳", "li yang"), ("睢宁", "sui ning"),
    ("睢县", "sui xian"), ("鄞州", "yin zhou"), ("诸暨", "zhu ji"), ("嵊州", "sheng zhou"), ("衢州", "qu zhou"),
    ("丽江", "li jiang"), ("砀山", "dang shan"), ("吐蕃", "tu bo"), ("吐鲁番", "tu lu fan"), ("喀什", "ka shi"),
    ("和田", "he tian"), ("巴音郭楞", "ba yin guo leng"), ("哈密", "ha mi"), ("万俟", "mo qi"), ("龟兹", "qiu ci"),
    ("大夫", "dai fu"), ("单于", "chan yu"), ("可汗", "ke han"), ("月氏", "yue zhi"), ("虹口", "hong kou"),
    ("华山", "hua shan"), ("华县", "hua xian"), ("任丘", "ren qiu"), ("任县", "ren xian"), ("乐都", "le du"),
    ("燕山", "yan shan"), ("燕京", "yan jing"), ("燕郊", "yan jiao"), ("石家庄", "shi jia zhuang"), ("蔚县", "yu xian"),
    ("井陉", "jing xing"), ("藁城", "gao cheng"), ("涿州", "zhuo zhou"), ("隰县", "xi xian"), ("岢岚", "ke lan"),
    // 血缘 etc. 奇 jī, 模; 称 chèn, chēng, chèng
    ("对称", "dui chen"), ("称职", "chen zhi"), ("匀称", "yun chen"), ("称心", "chen xin"), ("名称", "ming cheng"),
    ("称号", "cheng hao"), ("奇数", "ji shu"), ("奇偶", "ji ou"),
    // 便 pián, 扁 piān, 圈 juàn, 间 jiàn, 假 one syllable
    ("便宜", "pian yi"), ("方便", "fang bian"), ("便民", "bian min"), ("大腹便便", "da fu pian pian"),
    ("扁舟", "pian zhou"), ("猪圈", "zhu juan"), ("羊圈", "yang juan"), ("圈舍", "juan she"), ("圈养", "juan yang"),
    // 臭 xiù, 嚼 jué, 嗽; 说 shuì, 涨 one syllable, 晕 one syllable
    ("游说", "you shui"), ("说客", "shui ke"), ("咀嚼", "ju jue"), ("乳臭", "ru xiu"),
    // 什 shí, 似 shì, 丁 zhēng, 隽 jùn
    ("什么", "shen me"), ("什锦", "shi jin"), ("什刹海", "shi cha hai"), ("古刹", "gu cha"), ("刹车", "sha che"),
    ("似的", "shi de"), ("相似", "xiang si"), ("为什么", "wei shen me"), ("怎么", "zen me"), ("这么", "zhe me"),
    // 畜 xù, chù
    ("畜牧", "xu mu"), ("畜禽", "chu qin"), ("牲畜", "sheng chu"), ("家畜", "jia chu"), ("畜产", "xu chan"),
    ("畜力", "chu li"), ("牧畜", "mu xu"),
    // 咽 yè, yān; 炮 páo; 绿 lù; 熨 yù; 殷 yān
    ("哽咽", "geng ye"), ("炮制", "pao zhi"), ("绿林", "lu lin"), ("绿色", "lv se"), ("绿化", "lv hua"), ("熨帖", "yu tie"),
    ("殷红", "yan hong"),
    // 壳 qiào, 削 xuē, 塞 sè/sài, 散 one syllable, 轧 zhá, 择 zhái, 综 zòng
    ("地壳", "di qiao"), ("甲壳", "jia qiao"), ("削减", "xue jian"), ("剥削", "bo xue"), ("削弱", "xue ruo"),
    ("堵塞", "du se"), ("闭塞", "bi se"), ("要塞", "yao sai"), ("边塞", "bian sai"), ("塞外", "sai wai"),
    ("塞北", "sai bei"), ("敷衍塞责", "fu yan se ze"), ("阻塞", "zu se"), ("轧钢", "zha gang"), ("选择", "xuan ze"),
    ("剥离", "bo li"), ("剥夺", "bo duo"),
    // 巷 hàng, 吓 hè, 吁 yù, 粘 nián, 迫 pǎi
    ("街巷", "jie xiang"), ("恐吓", "kong he"), ("呼吁", "hu yu"), ("粘性", "nian xing"), ("粘贴", "zhan tie"),
    ("迫击炮", "pai ji pao"),
    // 勾 gòu, 与 one syllable, 予 one syllable, 尾 yǐ, 侧 zhāi, 秘 bì, 查 zhā, 仔 zǎi, 车 jū, 叶 xié
    ("秘鲁", "bi lu"), ("牛仔", "niu zai"), ("仔细", "zi xi"),
    // 和 huó, huò, hú; 喝 hè; 哄 one syllable; 荷 one syllable; 横 one syllable
    ("暖和", "nuan huo"), ("搅和", "jiao huo"), ("掺和", "chan huo"), ("喝彩", "he cai"),
    // 期 jī, 稽 qǐ, 纪 one syllable, 济 one syllable, 缴 one syllable
    ("稽查", "ji cha"),
    // 见 xiàn, 降, 结 one syllable, 劲 jìn/jìng
    ("干劲", "gan jin"), ("强劲", "qiang jing"), ("使劲", "shi jin"), ("劲头", "jin tou"), ("劲旅", "jing lv"),
    ("刚劲", "gang jing"), ("后劲", "hou jin"),
    // 觉 jiào, jué
    ("睡觉", "shui jiao"), ("午觉", "wu jiao"), ("觉悟", "jue wu"), ("自觉", "zi jue"), ("感觉", "gan jue"),
    ("察觉", "cha jue"),
    // 壳, 馏, 笼, 累 one syllable; 俩 liǎng; 虏; 偻; 碌 liù
    ("伎俩", "ji liang"), ("碌碡", "liu zhou"), ("忙碌", "mang lu"),
    // 脉 mò, 冒 mò, 蔓 wàn, 磨 one syllable, 抹 mā
    ("脉脉", "mo mo"), ("动脉", "dong mai"), ("瓜蔓", "gua wan"), ("抹布", "ma bu"),
    // 屏 bǐng, píng; 迫; 暴 pù; 曝 bào, pù
    ("屏幕", "ping mu"), ("屏蔽", "ping bi"), ("屏障", "ping zhang"), ("电子屏", "dian zi ping"), ("屏息", "bing xi"),
    ("屏气", "bing qi"), ("曝光", "bao guang"), ("曝晒", "pu shai"), ("一曝十寒", "yi pu shi han"), ("大屏", "da ping"),
    // 属 zhǔ, shǔ; 谁; 遂; 熟
    ("属于", "shu yu"), ("所属", "suo shu"), ("下属", "xia shu"), ("直属", "zhi shu"),
    // 石 dàn, 提 dī, 汤 shāng, 通 one syllable
    ("提防", "di fang"), ("提供", "ti gong"), ("石头", "shi tou"),
    // 尾, 委 wēi, 无, 吾, 陶 yáo, 芎, 朴 piáo/pǔ
    ("朴素", "pu su"), ("简朴", "jian pu"), ("朴实", "pu shi"), ("质朴", "zhi pu"), ("纯朴", "chun pu"),
    ("淳朴", "chun pu"), ("皋陶", "gao yao"), ("陶瓷", "tao ci"),
    // 遗 wèi, 隐 yìn, 饮 yìn, 员 yún: one syllable mostly
    ("遗产", "yi chan"), ("饮水", "yin shui"), ("员工", "yuan gong"),
    // 扎 zā, zhā, zhá
    ("扎实", "zha shi"), ("扎根", "zha gen"), ("包扎", "bao za"), ("结扎", "jie za"), ("挣扎", "zheng zha"),
    ("捆扎", "kun za"), ("驻扎", "zhu zha"), ("扎染", "za ran"), ("扎堆", "zha dui"),
    // 占, 涨, 症, 挣, 正 one syllable; 只 one syllable; 种 one syllable; 转 one syllable; 钻 one syllable; 作 one syllable
    ("爪子", "zhua zi"), ("魔爪", "mo zhao"), ("爪牙", "zhao ya"), ("炸药", "zha yao"), ("油炸", "you zha"),
    // 琢 zuó, 撮 zuǒ, 柏 bó/bò, 伯 bǎi, 堡 pù/bǔ
    ("琢磨", "zuo mo"), ("雕琢", "diao zhuo"), ("柏林", "bo lin"), ("柏树", "bai shu"), ("松柏", "song bai"),
    ("堡垒", "bao lei"), ("吴堡", "wu bu"), ("十里堡", "shi li pu"), ("瓦窑堡", "wa yao bu"),
    // 刨 bào, 绷, 辟 pì/bì, 臂, 瘪
    ("开辟", "kai pi"), ("辟谣", "pi yao"), ("复辟", "fu bi"), ("精辟", "jing pi"),
    // 伺 cì/sì, 枪, 创 one syllable, 幢 zhuàng
    ("伺候", "ci hou"), ("伺机", "si ji"), ("一幢", "yi zhuang"), ("几幢", "ji zhuang"), ("经幢", "jing chuang"),
    ("幢幢", "chuang chuang"),
    // 逮 dǎi/dài, 叨, 钉, 度 duó
    ("逮捕", "dai bu"), ("揣度", "chuai duo"), ("测度", "ce duo"), ("审时度势", "shen shi duo shi"), ("年度", "nian du"),
    ("制度", "zhi du"), ("温度", "wen du"),
    // 恶 wù/ě/è, 佛 fú, 否 pǐ, 服 one syllable
    ("厌恶", "yan wu"), ("可恶", "ke wu"), ("恶心", "e xin"), ("扫黑除恶", "sao hei chu e"), ("憎恶", "zeng wu"),
    ("仿佛", "fang fu"), ("否极泰来", "pi ji tai lai"), ("是否", "shi fou"),
    // 脯 pú, 咖 gā, 芥 gài, 扛 gāng, 葛 gé/gě, 合 gě, 蛤 há, 虾 há
    ("果脯", "guo fu"), ("胸脯", "xiong pu"), ("咖喱", "ga li"), ("咖啡", "ka fei"), ("瓜葛", "gua ge"), ("蛤蜊", "ge li"),
    // 吭, 夯, 红 gōng, 桧 huì, 豁 huō
    ("豁达", "huo da"), ("豁免", "huo mian"), ("豁出", "huo chu"), ("红色", "hong se"),
    // 圩 xū/wéi, 圳, 尉, 澄 dèng, 涌 chōng
    ("圩镇", "xu zhen"), ("圩堤", "wei di"), ("赶圩", "gan xu"), ("深圳", "shen zhen"), ("东涌", "dong chong"),
    ("涌现", "yong xian"), ("澄清", "cheng qing"),
];

/// Words that win over a word that ends with their first character: in 创建行动 there is no 建行.
pub(super) const FIRST: &[&str] = &[
    "行动", "行政", "行为", "行驶", "行程", "行使", "行走", "行文", "行进", "长期", "长效", "长远", "长久", "长江",
    "长城", "长征", "参加", "参与", "参观", "参会", "参赛", "参保", "参训", "参考", "参军", "参评", "参选", "参展",
    "参建", "参演", "参政", "参战", "参阅", "参照", "参谋", "参股", "解决", "解放", "解释", "解答", "确定", "确认",
    "确立", "确保", "计划", "建议", "建设", "建立", "组织", "稽查", "传播", "传达", "传递", "传承", "重点", "安全",
    "安排",
];

/// Words that stay whole all the same.
pub(super) const FIRM: &[&str] = &["银行", "央行", "太行"];
