"""Words that carry no subject of their own, language by language.

Short lists of function words, written for this project: the lists that packages bring hold subject words as well
("empleo", "Москва", "visit" in Arabic), and what is left out of an index can never be found. A word missing here costs
little, for BM25 weighs what is common low by itself.
"""

from __future__ import annotations

from functools import cache

_ENGLISH = """
    a an and are as at be been being but by can could did do does doing for from had has have having he her
    hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other
    our out over own same she should so some such than that the their them then there these they this those
    through to too under until up very was we were what when where which while who whom whose why will with
    would you your about after all also am any because before between both during each few further here s t
    us may might must shall"""
_LISTS = {
    "en": _ENGLISH,
    "es": """
    a al algo algún alguna algunas alguno algunos ante antes aquel aquella aquello aquí así aunque cada como cómo con
    contra cual cuál cuales cuáles cualquier cuando cuándo cuanta cuánta cuantas cuántas cuanto cuánto cuantos cuántos
    de del desde donde dónde durante e el él ella ellas ello ellos en entre era eran es esa esas ese eso esos esta está
    estaba estaban están estas este esto estos fue fueron ha había habían han hasta hay la las le les lo los más me mi
    mis mucho muy nada ni no nos nosotros o os otra otras otro otros para pero poco por porque que qué quien quién
    quienes quiénes se sea según ser si sí sido sin sobre son su sus suya suyo también tan tanto te tiene tienen toda
    todas todo todos tras tu tus u un una unas uno unos y ya yo""",
    "pt": """
    a à ao aos aquela aquele aquilo as às até como com contra cada da das de dela dele deles depois do dos e é ela elas
    ele eles em entre era eram essa essas esse esses esta está estão estas este estes eu foi foram há isso isto já lhe
    mais mas me mesmo meu minha muito na não nas nem no nos nós num numa o onde os ou para pela pelas pelo pelos por
    porque quais qual quando quanta quantas quanto quantos que quê quem se sem ser seu seus sido são só sobre sua suas
    também te tem têm ter um uma umas uns""",
    "fr": """
    a à ai après au aucun aussi autre autres aux avant avec avoir c ça ce ceci cela celle celles celui ces cet cette
    ceux chaque chez combien comme comment d dans de des donc dont du elle elles en encore entre est et été était
    étaient être eu eux il ils j je l la là le les leur leurs lors lui m ma mais me même mes moins mon n ne ni nos notre
    nous on ont ou où par pas pendant peu plus pour pourquoi qu quand que quel quelle quelles quels qui quoi s sa sans
    se sera ses si son sont sous sur t ta te tes ton tous tout toute toutes très tu un une vers vos votre vous y""",
    "it": """
    a ad agli ai al alla alle allo anche ancora c che chi ci come con contro cosa così cui d da dagli dai dal dalla
    dalle dallo degli dei del dell della delle dello di dopo dove due e è ed era erano essere fra fu furono gli ha hanno
    i il in io l la le lei li lo loro lui ma mi nei nel nell nella nelle nello noi non o ogni per perché però più prima
    qual quale quali quando quanta quante quanti quanto quella quelle quelli quello questa queste questi questo s se sei
    senza si sia siamo sono sotto stata state stati stato su sua sue sugli sui sul sulla sulle sullo suo suoi tra un una
    uno v vi voi""",
    "ca": """
    a al als amb aquell aquella aquest aquesta això allò com d de del dels des el els en entre era eren és està fins ha
    han hi i l la les li lo més molt n ni no o on per perquè però qual quals quan quant quants que què qui s se sense
    ser seu seus seva si sobre són també un una unes uns va van""",
    "de": """
    ab aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da damit dann das dass daß
    dem den denen denn der deren des dessen die dies diese diesem diesen dieser dieses doch dort du durch ein eine
    einem einen einer eines er es etwa euch für gegen gibt hab habe haben hat hatte hatten hier hinter ich ihm ihn
    ihnen ihr ihre ihrem ihren ihrer im in ins ist ja jede jedem jeden jeder jedes kann kein keine keinen können
    konnte man mehr mein meine mich mir mit muss nach nicht noch nun nur ob oder ohne schon sehr sein seine seinem
    seinen seiner seit sich sie sind so soll sowie über um und uns unser unter viel viele vielen vom von vor wann war
    waren warum was weil welche welchem welchen welcher welches wem wen wenn wer werden weshalb wessen wie wieso
    wieviel wird wir wo wobei wodurch wofür woher wohin womit worden wurde wurden zu zum zur zwischen""",
    "nl": """
    aan af al alle als andere bij dan dat de deze die dit door dus een en er geen had hadden heb hebben heeft hem het
    hier hij hoe hoeveel hun ik in is ja je kan kon maar me meer men met mijn na naar niet nog nu of om omdat onder ons
    ook op over te tegen tijdens tot tussen u uit van veel voor waar waarom wanneer waren was wat we welk welke werd
    werden wie wij worden wordt zal ze zich zij zijn zo zonder""",
    "sv": """
    alla allt än är att av blev bli blir då de dem den denna deras dess dessa det detta dig din du där efter ej eller en
    er ett från för genom ha hade han hans har hela hon hur här i in inte jag kan med mellan men mot mycket ni när någon
    något några och om oss på samma sedan sig sin sina sitt skulle som så till under upp ut utan vad var vara varför
    varje varit vart vem vi vid vilka vilken vilket""",
    "da": """
    af alle alt at blev bliver da de dem den denne der deres det dette dig din disse du efter eller en end er et for fra
    få går ham han hans har have havde hende her hos hun hvad hvem hver hvilke hvilken hvilket hvor hvordan hvorfor
    hvornår i ikke ind jeg jo kan man med meget mellem men mod når nogle noget og også om op os over på sig sin sit skal
    som så til ud under var vi vil ved været""",
    "no": """
    alle at av ble blir både da de dem den denne der deres det dette du eller en er et etter for fra før ha hadde han
    hans har her hun hva hvem hver hvilke hvilken hvilket hvor hvordan hvorfor i ikke jeg kan man med meg mellom men mot
    mye når noe noen og også om opp oss over på seg sin sitt skal som så til ut under var vi vil ved være vært""",
    "fi": """
    ei eivät että hän hänen he heidän ja jo joka jonka jos jossa jotka joten kanssa keitä ken kenen ketkä kuin kuinka
    kuka kun me mikä millä milloin minä missä mistä mitä miksi miten mitkä mutta myös ne niiden nämä ne niin noin nyt
    ole oli olivat on ollut ovat se sekä sen siinä sitä sille siellä tai tämä tämän tässä tätä te vaan vai vain
    vielä""",
    "ru": """
    а без более бы был была были было быть в вам вас весь во вот все всё всех вы где да для до его ее её если есть еще
    ещё же за здесь и из или им их к каждый как какая какие какого какой каком каких какую ко когда которая которого
    которое которой которые который которых кто кого кому куда ли либо лишь между меня мне можно мой мы на над нас не
    него нее неё ней нет ни них но ну о об однако он она они оно от откуда очень по под после потому почему при про с
    сам себя сколько со так также такой там тем то тобой того тоже только том тот ту ты у уже чего чем через что чтобы
    чье чьё чья чей эта эти это этого этой этом этот эту я""",
    "uk": """
    а але без більше був була були було бути в вам вас ви від він вона вони воно все всі де для до дуже з за зі і із або
    її їх й його коли кого кому куди ледве ли лише між мене мені ми на над нас не нього ні ним них ну о один она от по
    під після при про та так також там те ти тим то тобто того тому тут у уже хто це цей ці чи чим чому що щоб я як яка
    яке який які яких якого скільки""",
    "pl": """
    a aby ale bez był była było były być bo ci co czy czyli dla do gdy gdzie go i ich ile im ja jak jaka jaki jakie jako
    je jego jej jest już każdy kiedy kto która które którego której który których którym którzy ku lub ma mają między mi
    na nad nie nich nim niż o od on ona one oni oraz po pod ponieważ przed przez przy są się skąd swój ta tak także tam
    te tego tej ten to tu tych tylko tym u w we więc z za ze że""",
    "cs": """
    a aby ale ani až bez bude budou by byl byla byli bylo být co což či do ho i jak jaká jaké jaký jako je jeho její
    jejich jen ještě ji již jsem jsou k kam každý kde kdo kdy když ke kolik která které který kteří má mezi mi mít na
    nad ne nebo než o od on ona oni po pod podle pro proč proto protože před při s se si tak také tato ten tento to toho
    tu tuto u už v ve však z za ze že""",
    "ro": """
    a acea aceasta această aceea acel acest acesta acestea aceste acești ai al ale am are as au avea ca că când care cât
    câte câți ce cel cea cei cele cine cu cum cui da dacă dar de decât din după e ea ei el ele era erau este eu fi fie
    fost i în înainte încă între îi îl la le lor lui mai nici nu o or pe pentru prin s sa să sale sau său se și sunt
    spre sub tot un una unde unei unor unui va vor""",
    "hu": """
    a abban ahol aki akik alatt amely amelyek ami amikor az azok azt be csak de e egy ehhez el én és ez ezek ezt fel ha
    hány hanem hogy hogyan hol honnan hova ide igen ill is itt ki kik kinek kit le lesz meg mely melyik mennyi mert mi
    miért mikor milyen mint mit mivel most nagyon ne nem nincs ő ők olyan ott pedig s sem szerint szét te új után vagy
    van vannak volt voltak""",
    "tr": """
    acaba ama ancak bazı ben bir biri birkaç biz bu bunlar bunu bunun çok çünkü da daha de defa değil diye en gibi hangi
    hangisi hem hep her hiç için içinde idi ile ise kaç kadar ki kim kimin kime mı mi mu mü nasıl ne neden nerede
    nereden nereye ne niçin niye o olan olarak oldu olduğu onlar onu onun sonra siz şey şu tarafından tüm var ve veya ya
    yani""",
    "el": """
    α αλλά αν ανά από ας αυτά αυτές αυτή αυτό αυτοί αυτός για δεν εάν είναι εκεί ενώ ένα έναν ένας επί έχει έχουν η ή
    ήταν θα ι και κάθε κατά κι μα με μετά μέχρι μη μην μία μια μόνο να ο οι όμως όπου όπως όταν ότι όχι παρά περί ποια
    ποιες ποιο ποιοι ποιος ποιον που πού προς πολύ πόσα πόσες πόση πόσο πόσοι πότε πριν πώς πως σαν σε στα στη στην στις
    στο στον στους τα τη την της τι τις το τον του τους των υπό ως""",
    "ar": """
    أو أي أين أن أنا أنه أنها إذا إلى إلا إن إنه أما التي الذي الذين اللذان اللاتي أيضا بعد بعض بل بين بها به تلك ثم حتى
    حول حيث خلال دون ذلك سوف عبر عن عند عندما على عليه عليها غير ف في فيه فيها قبل قد كان كانت كانوا كل كم كما كيف لا
    لأن لدى لقد لكن لم لماذا لن له لها لهم ليس ليست ما ماذا متى مثل مع من منذ منه منها نحو هذا هذه هل هم هما هنا هناك هو
    هؤلاء هي و وكان وكانت ولا ولم وهو وهي يكون تكون""",
    "fa": """
    آن آنها آیا از است اگر اما ام این ایشان با باید بر برای بعد بود بودند به بی بین پس پیش تا تو چرا چند چه چون چگونه چی
    خود در دو را روی شد شده شود شما که کجا کدام کرد کرده کسی کند کنند کی ما مانند من می نه نیز نیست ها های هر هم همه هیچ
    و یا یک یکی""",
    "hi": """
    अपना अपनी अपने अब आप इन इनके इस इसका इसकी इसके इसमें इसी इसे उन उनका उनकी उनके उनको उन्हें उस उसका उसकी उसके उसने
    उसे एक और कई कब कभी कर करता करते करना करने का कि कितना कितनी कितने किन किया किस किसका किसकी किसके किसने किसी किसे की
    कुछ के को कोई कौन कौनसा कौनसी क्या क्यों कहाँ कहां कैसे गई गए गया जब जहाँ जहां जा जाता जाती जाते जिन जिस जिसका जिसकी
    जिसके जिसने जिसमें जिसे जो तक तथा तब तो था थी थीं थे द्वारा दिया न नहीं ने पर फिर बहुत भी मगर में मैं यदि यह यहाँ या
    ये रहा रही रहे लिए लेकिन व वह वहाँ वाला वाली वाले वे सब सभी साथ से हम ही हुआ हुई हुए है हैं हो होता होती होते होना""",
    "id": """
    ada adalah agar akan antara apa apakah atas atau bagaimana bagi bahwa banyak beberapa belum berapa bisa dalam dan
    dapat dari dengan di dia dimana hanya harus ia ini itu jika juga kapan karena ke kepada ketika kita lain lebih maka
    mana mengapa mereka namun oleh pada para saat saja saya sebagai sebuah secara sejak seperti serta setelah siapa
    suatu sudah tapi telah tentang tersebut tetapi tidak untuk yaitu yang""",
    "ko": """
    그 그것 그리고 것 누가 누구 누구를 누구의 는 등 또는 또한 때 및 몇 무슨
    무엇 무엇을 무엇이 무엇인가 무엇입니까 수 어느
    어디 어디에 어디에서 어떤 어떻게 언제 얼마 얼마나 왜 위해 은 의 이 이것 있는 있다 저 중 하나 한""",
    "vi": """
    bao bị bởi các cái cho chỉ có của cùng cũng đã đang đâu đây đến để đó được gì hay hoặc khi không là lại làm lên mà
    mấy một nào này nên nếu như nhưng những ở ra rất sao sẽ sự tại thế thì theo trên trong từ và vào vẫn về với vì""",
}  # fmt: skip


@cache
def stop_words(language: str) -> frozenset[str]:
    """Words of function of a language, in small letters; none where there is no list."""
    return frozenset(_LISTS.get(language, "").split())
