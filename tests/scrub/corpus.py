"""Messages of support chats in three languages with what is personal in them in brackets: ``[kind|text]``.

All of it is made up. Kinds: N name, P phone, E e-mail, C card, I IBAN, A address, O order, D date of birth, U username, L link, G
document of a state, B account of a bank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

EN = """
Hi, my name is [N|Sarah Thompson] and I ordered trainers last week
Hello, this is [N|Michael]. Order [O|48213] still has not arrived
my name is [N|josh] and I want a refund
I'm [N|Priya Raman], I wrote yesterday
You can call me on [P|+44 7700 900461] after five
My number is [P|(555) 014-3322], thanks
call me at [P|555-014-7788]
mobile [P|07700 900 123], or my wife's [P|07700 900124]
Send it to [E|sarah.thompson@mail.example] please
e-mail: [E|j.o-brien+shop@sub.domain.co.uk]
I paid with card [C|4111 1111 1111 1111] yesterday
the card was [C|5500-0000-0000-0004]
amex [C|378282246310005] was charged twice
Please refund to [I|GB82 WEST 1234 5698 7654 32]
IBAN: [I|DE89370400440532013000]
Ship it to [A|14 Baker Street, London NW1 6XE]
my address is [A|221B Elm Road, Apt 4, Springfield, IL 62704]
I moved to [A|1600 Pennsylvania Avenue]
[A|Flat 2, 10 High Street], second floor
I live at [A|7 Rosewood Close, Bristol BS1 4DJ]
postcode [A|SW1A 1AA]
deliver to [A|PO Box 1142]
[A|350 Fifth Ave, New York, NY 10118] is my office
order [O|#553] and order no. [O|ORD-2024-1187]
my order number is [O|7781234], name [N|Bob Miller]
Where is parcel [O|RR123456789GB]?
ticket [O|#90233] is still open
invoice [O|INV-20931] is wrong
Your tracking number: [O|1Z999AA10123456784]
return [O|R-4418] please
I was born on [D|12/03/1985]
DOB: [D|1990-11-02]
date of birth [D|3 March 1978]
my birthday is [D|July 4, 1982]
SSN [G|078-05-1120]
passport number [G|X1234567]
see [L|https://shop.example/order/553?token=abcdef]
my profile: [L|www.facebook.example/sarah.t]
find me on Instagram, [U|@sarah_t85]
telegram [U|@mike_miller]
Dear Mr [N|Thompson], your parcel is late
Thank you, Mrs. [N|O'Neill]!
Regards, [N|Emily Watson]
Best regards,\\n[N|Daniel Brooks]
I spoke to [N|Jennifer] from support
Could you ask [N|Liam Walker] to call back?
my husband [N|Robert] picked it up
The courier, [N|Ahmed], was very kind
[N|Jess] here again
[N|Charlotte]'s order is [O|66120]
It's for my daughter [N|Emma]
please change the name to [N|Christopher Hall]
recipient: [N|Olivia Grant]
[N|J. Smith] signed for it
[N|Kowalski] is my surname: [N|Peter Kowalski]
Hello [N|Anna], how can I help?
Hi [N|Tom], your code is 4421
thanks [N|Kate]!
name is [N|hannah o'connor], phone [P|2025550143]
I'm [N|Nguyen Minh], order [O|33018]
Is [N|Mohammed] still in charge of case [O|10-4432]?
Contact [N|Katie Price] on [P|+1 (202) 555-0178] or [E|katie_price@example.com]
Mr. [N|Patel] said it would be [A|45 Queens Road]
Send my regards to [N|Sophie] and [N|Matt]
Dr [N|Helen Carter], [A|9 Church Lane, Oxford OX1 2JD]
The name on the account is [N|Stephanie Young]
speak with [N|George] at [P|020 7946 0018]
I'm [N|Maria Garcia], born [D|05.06.1991]
order [O|A-1024] for [N|William Turner]
My name's [N|Zainab] and my card ends in 4242
mail me: [E|WILLIAM.TURNER@EXAMPLE.COM]
[P|+1-202-555-0119] is my number
driver's license [G|D1234567]
It was [N|Jessica Alvarez] who packed it
The parcel for [N|Alexander] and [N|Natalie Wright] was opened
call [P|0044 7700 900777] or [P|447700900778]
[N|Becky Sharp], [A|12 Vanity Lane], [E|becky@sharp.example]
"""
PL = """
Dzień dobry, nazywam się [N|Anna Kowalska] i czekam na paczkę
Cześć, tu [N|Kasia]. Zamówienie [O|48213] nie przyszło
mam na imię [N|tomek] i chcę zwrot
Jestem [N|Piotr Wiśniewski], pisałem wczoraj
Proszę dzwonić: [P|+48 501 234 567]
mój numer to [P|501234567]
tel. [P|501-234-567] albo [P|22 123 45 67]
proszę o kontakt pod [P|(22) 654 32 10]
mail: [E|anna.kowalska@poczta.example]
piszcie na [E|tomek_92@example.pl]
płaciłam kartą [C|4111 1111 1111 1111]
karta [C|5555555555554444] została obciążona dwa razy
numer konta [I|PL61 1090 1014 0000 0712 1981 2874]
konto: [I|61109010140000071219812874]
proszę wysłać na [A|ul. Długa 5/12, 00-950 Warszawa]
mieszkam przy [A|ulicy Marszałkowskiej 10 m. 4]
adres: [A|al. Jana Pawła II 23, 31-864 Kraków]
[A|os. Słoneczne 14/3, Poznań]
dostawa na [A|pl. Wolności 7]
[A|Kwiatowa 8/2, 80-180 Gdańsk]
kod pocztowy [A|50-123]
mieszkam na [A|Krótkiej 5]
przeprowadziłam się na [A|ul. Świętego Marcina 45a]
zamówienie nr [O|12345/2024] i zamówienie [O|#553]
numer zamówienia: [O|ZAM-20931]
gdzie jest paczka [O|RR123456789PL]?
zgłoszenie [O|90233] nadal otwarte
faktura [O|FV/1187/03/2024] jest błędna
paragon nr [O|004418]
reklamacja [O|R-4418]
urodziłam się [D|12.03.1985]
data urodzenia: [D|1990-11-02]
ur. [D|3 marca 1978] w Łodzi
PESEL [G|44051401359]
mój pesel to [G|02070803628]
dowód osobisty [G|ABC 123456]
paszport [G|AB1234567]
link: [L|https://sklep.example/zamowienie/553?t=abc]
mój profil: [L|facebook.com/anna.kowalska]
na telegramie [U|@kasia_nowak]
Szanowna Pani [N|Kowalska], paczka jest w drodze
Dziękuję, Panie [N|Nowak]!
Pani [N|Agnieszko], proszę o cierpliwość
Panie [N|Marku], zamówienie jest gotowe
Pozdrawiam, [N|Magdalena Zielińska]
Pozdrawiam\\n[N|Krzysztof Wójcik]
Z poważaniem, [N|Ewa Lewandowska]
rozmawiałam z [N|Agnieszką] z obsługi
proszę przekazać [N|Tomaszowi Kamińskiemu]
mój mąż [N|Robert] ją odebrał
kurier [N|Mariusz] był bardzo miły
to dla mojej córki [N|Zuzi]
paczka [N|Piotra Nowaka] zaginęła
dałam ją [N|Kasi Wójcik]
widziałem się z [N|Michałem] i [N|Pawłem]
odbiorca: [N|Joanna Dąbrowska]
na nazwisko [N|Szczepaniak]
zamówienie dla [N|Małgorzaty Kaczmarek], tel. [P|601 222 333]
[N|Jan Nowak], [A|ul. Polna 3, 02-555 Warszawa], [P|605111222]
Cześć [N|Ola], w czym mogę pomóc?
Hej [N|Bartek], kod to 4421
dzięki [N|Gosia]!
z [N|Karoliną Mazur] już to ustaliłam
u [N|Wojciecha] nikt nie odbiera
nie mogę dodzwonić się do pani [N|Grabowskiej]
od [N|Jakuba Pawłowskiego] dostałam złą fakturę
imię i nazwisko: [N|Katarzyna Król]
kartą na nazwisko [N|ADAM WRÓBEL]
proszę zapytać [N|Justynę Olszewską] o zamówienie [O|33018]
[N|Zbyszek] z magazynu obiecał
moja żona [N|Beata] płaciła
synowi [N|Kubie] buty nie pasują
z [N|Dorotą] i [N|Grzegorzem Adamczykiem] byliśmy w sklepie
pani [N|Halina Stępień] mieszka obok
napisałam do [N|Łukasza Jabłońskiego] na [E|lukasz@jablonski.example]
przesyłka nr [O|6789012345] jest uszkodzona
zadzwońcie na [P|0048 601 333 444]
[P|48601333445] to mój numer
z tej strony [N|Monika Pietrzak]
Panią [N|Wiśniewską] proszę o telefon
"""
RU = """
Здравствуйте, меня зовут [N|Мария Иванова], жду посылку
Привет, это [N|Катя]. Заказ [O|48213] не пришёл
меня зовут [N|саша] и я хочу вернуть деньги
Я [N|Пётр Смирнов], писал вчера
Позвоните мне: [P|+7 916 123-45-67]
мой номер [P|89161234567]
тел. [P|8 (495) 123-45-67]
звоните на [P|8-926-555-44-33]
номер [P|+7(903)7654321], спросите [N|Олега]
почта: [E|maria.ivanova@pochta.example]
пишите на [E|petr_smirnov85@example.ru]
платила картой [C|4111 1111 1111 1111]
карта [C|5555555555554444], списали дважды
карта мир [C|2200 0000 0000 0053]
счёт [B|40817810099910004312]
отправьте на [A|ул. Ленина, д. 5, кв. 12]
мой адрес: [A|г. Москва, ул. Большая Полянка, дом 7, корп. 2, кв. 45]
живу на [A|проспекте Мира, 101]
[A|Невский проспект, 28], второй этаж
[A|пер. Столярный, 5]
адрес [A|620014, г. Екатеринбург, ул. Малышева, д. 51, кв. 3]
переехала на [A|улицу Гагарина 14]
[A|ул. 8 Марта, 12а, кв 7]
[A|б-р Строителей, д. 3]
[A|Тверская улица, дом 9]
индекс [A|630099]
[A|кв. 15], домофон 15
заказ [O|№ 553] и заказ номер [O|12345-678]
номер заказа: [O|ЗК-20931]
где посылка [O|RR123456789RU]?
обращение [O|90233] ещё открыто
трек-номер [O|80085123456789]
накладная [O|1187-03]
возврат [O|R-4418]
родилась [D|12.03.1985]
дата рождения: [D|02.11.1990]
[D|3 марта 1978] года рождения
мой день рождения [D|15 июля 1983]
паспорт [G|4510 123456]
СНИЛС [G|112-233-445 95]
ИНН [G|500100732259]
ссылка: [L|https://shop.example/order/553?t=abc]
мой профиль [L|vk.com/id12345678]
в телеграме [U|@masha_iv]
Уважаемая [N|Мария Петровна], посылка в пути
Спасибо, [N|Иван Сергеевич]!
Господин [N|Кузнецов], заказ готов
С уважением, [N|Елена Соколова]
С уважением,\\n[N|Дмитрий Лебедев]
говорила с [N|Ольгой] из поддержки
передайте [N|Сергею Попову], что посылка пришла
мой муж [N|Андрей] её забрал
курьер [N|Рустам] был очень вежлив
это для моей дочери [N|Насти]
посылка [N|Алексея Морозова] пропала
отдала её [N|Маше Новиковой]
видел [N|Мишу] и [N|Павла]
получатель: [N|Наталья Волкова]
на имя [N|Козлов Артём Игоревич]
заказ для [N|Светланы Зайцевой], тел. [P|+79051112233]
[N|Сидоров Иван Петрович], [A|ул. Мира, д. 3], [P|89031112244]
Привет, [N|Аня], чем помочь?
Здравствуйте, [N|Юлия]! Код 4421
спасибо, [N|Лена]!
мы с [N|Кариной Мельник] всё решили
у [N|Виктора] никто не берёт трубку
не могу дозвониться до [N|Павловой]
от [N|Максима Фёдорова] пришёл не тот счёт
ФИО: [N|Орлова Ксения Андреевна]
карта на имя [N|IVAN PETROV]
спросите [N|Татьяну Шевченко] про заказ [O|33018]
[N|Вова] со склада обещал
моя жена [N|Ирина] платила
сыну [N|Диме] обувь мала
с [N|Галиной Ивановной] и [N|Егором Никитиным] были в магазине
[N|Людмила Захаровна Рябова] живёт рядом
написал [N|Кириллу Григорьеву] на [E|kirill@grigoriev.example]
отправление [O|14500078901234] повреждено
[N|А. С. Баранов] подписал
напишите [N|насте] пожалуйста
это [N|Евгений], телефон [P|8 999 000 11 22]
[N|Серёжа], ваш менеджер, обещал скидку
"""
EN_LATER = """
hey it's [N|dave] again, any news on [O|#77120]?
The package was signed by [N|R. Fernandez] but nobody like that lives here
Can [N|Samantha] please ring me back on [P|07911 123456]
I'd like to add my partner, [N|Lucas Meyer], to the order
Billing address: [A|88 Cherry Tree Lane, Manchester M4 1HQ]
ok my details: [N|Grace Lee], [E|grace.lee92@mail.example], [P|+1 415 555 0132]
[N|Amelia], could you resend it to [A|3 Mill Road]?
visa [C|4012888888881881] exp 09/27
It's addressed to Mrs [N|Whitfield]... sorry, [N|Joan Whitfield]
order number [O|55-20931-A], placed by [N|ben]
Hi! [N|Natasha Romanova] here, wrong size again
my sister [N|Lily] ordered it under [E|lily+orders@example.net]
my date of birth is [D|23/07/1969] if you need it
I was told by [N|Mark] that Mr [N|Hughes] would call
NI number [G|QQ123456C]
You wrote to Mr. [N|Ali Hassan] instead of me
Transfer it to [I|NL91ABNA0417164300] please
Tracking says [O|JD0002251234567890], left with [N|Carol] at number 12
we're at [A|Unit 5, 200 Harbour Street, Boston, MA 02110]
[N|Dominic Okafor] speaking
"""
PL_LATER = """
hej, to znowu [N|marcin], coś wiadomo o [O|#77120]?
paczkę odebrał [N|R. Zieliński], nie znam takiego
czy [N|Aneta] może oddzwonić na [P|512 345 678]
proszę dopisać mojego partnera, [N|Kamila Sikorę]
adres do faktury: [A|ul. Wiśniowa 88, 61-001 Poznań]
moje dane: [N|Oliwia Pawlak], [E|o.pawlak92@poczta.example], [P|+48 698 765 432]
[N|Natalio], wyślij to proszę na [A|Młyńską 3/1]
visa [C|4012 8888 8888 1881] ważna do 09/27
paczka na panią [N|Jankowską], przepraszam, [N|Joannę Jankowską]
numer zamówienia to [O|55-20931-A], składał [N|Bartłomiej]
siostra [N|Lidka] zamawiała na [E|lidka+sklep@example.net]
data urodzenia [D|23.07.1969]
dowiedziałam się od [N|Marka], że pan [N|Hubert] zadzwoni
nr konta to [I|27114020040000300201355387]
dziękuję panu [N|Stanisławowi] i pani [N|Ewie] za pomoc
śledzenie: [O|620012345678901234567890], zostawiona u pani [N|Bogusi]
[N|Sebastian Urban] z tej strony
pan [N|Wróblewski] mówił co innego niż [N|Patrycja]
mieszkam na [A|os. Zwycięstwa 12/34, 61-650 Poznań]
[N|Aleksandra Duda-Kowal], rozmiar 38
"""
RU_LATER = """
привет, это опять [N|дима], есть новости по [O|#77120]?
посылку забрал [N|Р. Захаров], я такого не знаю
может [N|Аннушка] перезвонить на [P|8 911 222 33 44]?
добавьте моего партнёра, [N|Камиля Сафина]
адрес для счёта: [A|г. Казань, ул. Вишнёвая, д. 88, кв. 4]
мои данные: [N|Олеся Пирогова], [E|o.pirogova92@pochta.example], [P|+79991234567]
[N|Наташ], отправь пожалуйста на [A|Мельничную 3, кв. 1]
виза [C|4012 8888 8888 1881] до 09/27
на имя [N|Янковская], простите, [N|Жанна Янковская]
номер заказа [O|55-20931-А], оформлял [N|Богдан]
сестра [N|Лидочка] заказывала на [E|lidochka+shop@example.net]
дата рождения [D|23.07.1969]
узнала от [N|Марка], что [N|Виктор Степанович] позвонит
спасибо [N|Станиславу] и [N|Еве] за помощь
трек [O|RA644000001RU], оставили у бабы [N|Гали]
[N|Севастьян Урбанов] на связи
менеджер [N|Воробьёва] говорила другое
живу: [A|Ленинский пр-т, д. 12, кв. 34]
[N|Александра Дудина-Коваль], размер 38
забронировано на [N|Ф. И. Тютчева]
"""
EN_LAST = """
good morning, [N|Patricia Novak] here, I never got [O|#4471-22]
can u send the label to [E|p.novak77@inbox.example] pls
sure, it's [A|19 Station Road, Leeds LS1 4DY], ring the top bell
I'm away, give it to my neighbour [N|Gareth Pugh] at number [A|21 Station Road]
my flatmate [N|Yusuf] can sign, his phone is [P|07700 900 654]
I asked for [N|Beatrice] and got [N|Ken] instead
as Miss [N|Adeyemi] explained, the zip is broken
name on card [N|MARCO ROSSI], number [C|6011 1111 1111 1117]
[N|zoe] told me to quote RMA [O|88121]
[N|Tim Berners] / [P|+44 20 7946 0991]
signed, [N|Walter]
Thx [N|Nadia]! And tell [N|Ollie] I said hi
the invoice says [N|Hughes] but I am [N|Hughes-Martin]
born [D|1st of May 1974] in Cork
account of [N|Lena Hoffmann], IBAN [I|DE02 1203 0000 0000 2020 51]
pls ship to [A|4207 W Oak Street, Austin, TX 78704] attn [N|Denise]
order no [O|20240318-77] was for Mr and Mrs [N|Byrne]
"""
PL_LAST = """
dzień dobry, [N|Patrycja Nowacka], nie doszło do mnie [O|#4471-22]
wyślijcie etykietę na [E|p.nowacka77@skrzynka.example]
oczywiście, [A|ul. Dworcowa 19 lok. 2, 40-012 Katowice], proszę dzwonić domofonem
nie ma mnie, proszę zostawić u sąsiada [N|Gawła Pietruszki]
mój współlokator [N|Wiktor] podpisze, telefon [P|514 900 654]
prosiłam o [N|Beatę], a odebrał [N|Konrad]
jak mówiła pani [N|Adamska], zamek jest zepsuty
nazwisko na karcie [N|MAREK ROSIŃSKI], numer [C|6011 1111 1111 1117]
[N|zuzka] kazała podać RMA [O|88121]
[N|Tymoteusz Bąk], tel [P|+48 22 794 09 91]
podpisano, [N|Waldemar]
dzięki [N|Nadia]! i pozdrów [N|Olka]
na fakturze jest [N|Lis], a ja nazywam się [N|Lis-Marczak]
ur. [D|1 maja 1974] w Radomiu
konto pani [N|Leny Hofman], IBAN [I|PL27 1140 2004 0000 3002 0135 5387]
z [N|Jurkiem] i [N|Danutą Kruk] zamawialiśmy razem
wnuczce [N|Amelce] bardzo się podobają
zapytajcie [N|Rafała Cieślika], on to pakował
od [N|Mirosławy] wiem, że paczkę ma [N|Zbigniew]
"""
RU_LAST = """
доброе утро, [N|Патрисия Новак], не дошёл [O|#4471-22]
вышлите этикетку на [E|p.novak77@yaschik.example]
конечно, [A|ул. Вокзальная, д. 19, оф. 2], звоните в домофон
меня нет, отдайте соседу [N|Гавриле Петрушкину]
сосед [N|Юсуф] распишется, его телефон [P|8-905-900-65-40]
просила [N|Беату], а ответил [N|Кондрат]
как сказала [N|Адамова], молния сломана
имя на карте [N|MARK ROSIN], номер [C|6011 1111 1111 1117]
[N|зина] велела назвать RMA [O|88121]
[N|Тимофей Бурмистров], тел [P|+7 495 794-09-91]
подпись: [N|Вальдемар]
спасибо [N|Надя]! и привет [N|Олежке]
в чеке [N|Лисицын], а я [N|Лисицына-Маркова]
родился [D|1 мая 1974] в Рязани
счёт [N|Лены Гофман], карта [C|5469 3800 1234 5674]
мы с [N|Юрой] и [N|Дарьей Крюковой] заказывали вместе
внучке [N|Амелии] очень понравились
спросите [N|Рафаэля Чеслова], он упаковывал
от [N|Мирославы Ильиничны] знаю, что посылка у [N|Збигнева]
[A|Санкт-Петербург, Лиговский проспект, д. 50, кв. 7]
позвоните [N|Тёме] после шести
"""
PLAIN = """
Hi there, I bought Nike Air Max in Berlin and the left one squeaks
Does Black Friday apply to the Winter Collection? I saw it on Instagram
Royal Mail says it was sent from Manchester on Tuesday
Can I use Apple Pay or PayPal in the app? Google Pay fails
Is the Oxford Street store open on Bank Holiday Monday?
The model is AirFlex 300, colour Forest Green, made in Portugal
Your chat bot is useless. Let me speak to a Manager, please
Kupiłam Nike Air Max w Berlinie i lewy but skrzypi
Czy Black Friday obejmuje kolekcję Zima? Widziałam na Instagramie
Poczta Polska pisze, że paczka wyszła z Gdańska we wtorek
Czy mogę zapłacić BLIK-iem albo PayPal w aplikacji?
Galeria Krakowska, Złote Tarasy - gdzie macie sklepy?
Model AirFlex 300, kolor Zieleń Leśna, produkcja Portugalia
Купила Nike Air Max в Берлине, и левый скрипит
Действует ли Чёрная пятница на коллекцию Зима? Видела в Инстаграме
Почта России пишет, что посылка вышла из Самары во вторник
Можно оплатить через СБП или Сбербанк в приложении?
Магазин в Галерее на Лиговском работает в праздники?
Модель AirFlex 300, цвет Тёмный лес, сделано в Португалии
Ваш бот бесполезен. Дайте поговорить с Менеджером

Where is my order? I have been waiting for two weeks
I would like to return the blue shoes, size 42
Do you ship to Germany? How much is it, 12.50 EUR?
The sole is torn after 3 days, this is the second pair
Can I pay on delivery? The total was 249.99
Your website says 2-3 days and it is the 10th already
I will wait until Monday, but it may be too late for Christmas
Summer sale: 30% off all boots. I hope the price is right
It was delivered at 14:30 on Friday. Thank you very much!
Please talk to a human. Agent! Operator!
Gdzie jest moja paczka? Czekam już dwa tygodnie
Chciałabym zwrócić niebieskie buty, rozmiar 42
Czy wysyłacie do Niemiec? Ile to kosztuje, 49,99 zł?
Podeszwa pękła po 3 dniach, to już druga para
Dziękuję bardzo, do widzenia. Miłego dnia!
Sklep w Warszawie jest otwarty od 9:00 do 17:00
Poproszę z konsultantem. Nie chcę rozmawiać z botem
Zapłaciłam 1 249 zł, a na stronie jest 999 zł
Kod rabatowy LATO2024 nie działa w aplikacji
To nie są te buty. Zamówiłam czarne, przyszły białe
Где моя посылка? Жду уже две недели
Хочу вернуть синие кроссовки, размер 42
Вы доставляете в Казань? Сколько стоит, 350 рублей?
Подошва порвалась через 3 дня, это уже вторая пара
Спасибо большое, до свидания. Хорошего дня!
Магазин в Москве открыт с 9:00 до 21:00
Позовите оператора. Не хочу говорить с ботом
Заплатила 12 500 руб., а на сайте 9 999 руб.
Промокод ЛЕТО2024 не работает в приложении
Это не те кроссовки. Заказывала чёрные, пришли белые
"""
KINDS = {
    "N": "name", "P": "phone", "E": "email", "C": "card", "I": "iban", "A": "address", "O": "order", "D": "birth date",
    "U": "username", "L": "link", "G": "document", "B": "account",
}  # fmt: skip
_MARK = re.compile(r"\[([A-Z])\|([^\]]*)\]")


Labelled = tuple[Literal["en", "pl", "ru"], str, list[tuple[int, int, str]]]


def labelled() -> Iterator[Labelled]:
    """Language, text, and the stretches that are personal with their kinds."""
    for language, block in (
        ("en", EN + EN_LATER + EN_LAST),
        ("pl", PL + PL_LATER + PL_LAST),
        ("ru", RU + RU_LATER + RU_LAST),
    ):
        for line in filter(None, block.splitlines()):
            yield language, *_read(line.replace("\\n", "\n"))
    for line in filter(None, PLAIN.splitlines()):
        language = "ru" if re.search("[а-я]", line) else "pl" if re.search("[ąćęłńóśźż]|Sklep|Kod", line) else "en"
        yield language, line, []


def _read(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, spans, at = "", [], 0
    for found in _MARK.finditer(line):
        text += line[at : found.start()]
        spans.append((len(text), len(text) + len(found[2]), KINDS[found[1]]))
        text += found[2]
        at = found.end()
    return text + line[at:], spans
