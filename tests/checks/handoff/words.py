"""What people, bots and agents say in generated conversations, by language. ``{}`` is an agent's first name.

Whatever a bot says on ``waits``, ``nobody``, ``closed`` and so on is a notice; ``answers`` are its answers to a customer.
"""

from __future__ import annotations

from chatdrill.model import Contact, File, Location, Media, Part, Text

Speech = dict[str, list[str]]

SPEECH: dict[str, Speech] = {
    "en": {
        "asks": ["Where is my order?", "Do you deliver on Sunday?", "ok", "It's too small\nand too red", "And in blue?"],
        "answers": ["It is on its way.", "Yes, we do, all day long.", "Anything else?", "That is {nonce}, as far as I see."],
        "question": ["What is your order number?"],
        "person": ["A person, please", "operator!!", "I want to talk to somebody"],
        "called": ["I am calling a colleague.", "One moment please, I'll connect you with an agent."],
        "joined": ["{} has joined the chat.", "You are talking to {} now."],
        "waits": ["You are number 2 in the queue.", "Sorry for the wait, somebody will be here soon."],
        "nobody": ["Nobody is free at the moment, sorry.", "All our agents are busy. You may leave a message."],
        "closed": ["Nobody is here now. We are open from Monday to Friday, from 9:00 on."],
        "failed": ["Unfortunately I cannot reach anybody. Please try later."],
        "over": ["The conversation is over, I am back with you.", "The chat with {} has ended."],
        "back": ["I am back with you.", "You are with the bot again."],
        "survey": ["How did {} do? Please rate from 1 to 5."],
        "replies": ["Good morning, how can I help you?", "I have looked: it comes on Friday.", "Yes", "👍", "Which size, {nonce}?"],
        "cancel": ["back to bot", "Back to the bot"],
        "desk": ["Thank you for contacting us. Your request is number {nonce}."],
    },
    "ru": {
        "asks": ["Где мой заказ?", "Можно вернуть обувь, если она не подошла?", "Да", "А в синем цвете?"],
        "answers": ["Заказ уже в пути.", "Да, в течение 14 дней.", "Вижу: {nonce}."],
        "question": ["Какой у вас номер заказа?"],
        "person": ["Позовите оператора", "Хочу поговорить с человеком"],
        "called": ["Зову коллегу. Вам ответят здесь.", "Соединяю с оператором"],
        "joined": ["К вам подключился специалист {}.", "{} на связи"],
        "waits": ["Вы второй в очереди.", "Подождите ещё минуту, пожалуйста."],
        "nobody": ["К сожалению, сейчас никого нет.", "Все операторы заняты, оставьте сообщение."],
        "closed": ["Сейчас мы закрыты. Работаем с понедельника по пятницу с 9:00."],
        "failed": ["К сожалению, не удалось позвать оператора, попробуйте позже."],
        "over": ["Диалог завершён, я снова с вами."],
        "back": ["С вами снова бот."],
        "survey": ["Оцените, пожалуйста, работу: от 1 до 5."],
        "replies": ["Здравствуйте! Сейчас посмотрю.", "Заказ придёт в пятницу", "Да", "Номер {nonce} вижу, спасибо."],
        "cancel": ["вернуться к боту"],
        "desk": ["Ваше обращение зарегистрировано под номером {nonce}."],
    },
    "pl": {
        "asks": ["Gdzie jest moje zamówienie?", "Czy mogę zwrócić buty?", "tak", "A czy są w kolorze niebieskim?"],
        "answers": ["Zamówienie jest już w drodze.", "Tak, w ciągu 14 dni.", "Widzę: {nonce}."],
        "question": ["Jaki jest numer zamówienia?"],
        "person": ["Proszę o rozmowę z konsultantem", "Chcę człowieka"],
        "called": ["Łączę z konsultantem.", "Wzywam kolegę, proszę chwilę poczekać."],
        "joined": ["{} dołączył do rozmowy.", "Rozmawia Pan teraz z konsultantem: {}."],
        "waits": ["Jest Pan drugi w kolejce.", "Proszę jeszcze chwilę poczekać."],
        "nobody": ["Niestety nikt nie jest teraz dostępny."],
        "closed": ["Teraz jest zamknięte. Pracujemy od poniedziałku do piątku, od 9:00."],
        "failed": ["Niestety nie udało się nikogo zawołać, proszę spróbować później."],
        "over": ["Rozmowa została zakończona, wróciłem."],
        "back": ["Bot znowu z Panem rozmawia."],
        "survey": ["Proszę ocenić rozmowę od 1 do 5."],
        "replies": ["Dzień dobry, już sprawdzam.", "Zamówienie dotrze w piątek", "Tak", "Numer {nonce}, dziękuję."],
        "cancel": ["wróć do bota"],
        "desk": ["Zgłoszenie {nonce} zostało utworzone."],
    },
    "de": {
        "asks": ["Wo ist meine Bestellung?", "Kann ich die Schuhe zurückgeben?", "ja", "Gibt es sie auch in Blau?"],
        "answers": ["Die Bestellung ist unterwegs.", "Ja, innerhalb von 14 Tagen.", "Ich sehe {nonce}."],
        "question": ["Wie lautet Ihre Bestellnummer?"],
        "person": ["Ich möchte mit einem Menschen sprechen", "Einen Mitarbeiter bitte"],
        "called": ["Ich verbinde Sie mit einer Kollegin.", "Einen Moment, ich hole einen Kollegen."],
        "joined": ["{} ist jetzt für Sie da.", "Sie sprechen nun mit {}."],
        "waits": ["Sie sind an Position 2 der Warteschlange.", "Bitte noch einen Moment Geduld."],
        "nobody": ["Leider ist gerade niemand verfügbar."],
        "closed": ["Wir haben geschlossen. Wir sind von Montag bis Freitag ab 9 Uhr da."],
        "failed": ["Leider ist niemand erreichbar, bitte versuchen Sie es später."],
        "over": ["Das Gespräch ist beendet, ich bin zurück."],
        "back": ["Sie sprechen wieder mit dem Bot."],
        "survey": ["Bitte bewerten Sie das Gespräch von 1 bis 5."],
        "replies": ["Guten Tag, ich schaue gleich nach.", "Sie kommt am Freitag", "Ja", "Die Nummer {nonce} habe ich."],
        "cancel": ["zurück zum bot"],
        "desk": ["Ihre Anfrage {nonce} ist eingegangen."],
    },
    "fi": {
        "asks": ["Missä tilaukseni on?", "Voinko palauttaa kengät?", "Joo", "Onko niitä sinisenä?"],
        "answers": ["Tilauksesi on jo matkalla.", "Kyllä, neljäntoista päivän ajan.", "Näen tilauksen {nonce}."],
        "question": ["Mikä on tilausnumerosi?"],
        "person": ["Haluan puhua ihmisen kanssa"],
        "called": ["Yhdistän sinut asiakaspalvelijaan, odota hetki."],
        "joined": ["{} vastaa sinulle nyt."],
        "waits": ["Olet jonossa toisena, asiakaspalvelija vastaa pian."],
        "nobody": ["Valitettavasti kukaan ei ole nyt vapaana."],
        "closed": ["Olemme nyt kiinni. Avaamme arkisin kello 9:00."],
        "failed": ["Valitettavasti en tavoita ketään, yritä myöhemmin uudelleen."],
        "over": ["Keskustelu asiakaspalvelijan kanssa päättyi, palasin takaisin."],
        "back": ["Botti palveli sinua taas."],
        "survey": ["Arvioi palvelu asteikolla 1 - 5."],
        "replies": ["Hei, tarkistan heti.", "Se saapuu perjantaina", "Numero {nonce} löytyi."],
        "cancel": ["takaisin botille"],
        "desk": ["Pyyntösi {nonce} on vastaanotettu."],
    },
    "ja": {
        "asks": ["注文はどこですか?", "返品できますか?", "はい", "青色はありますか?"],
        "answers": ["ご注文は発送されました。", "はい、14日以内です。", "{nonce} を確認しました。"],
        "question": ["注文番号は何ですか?"],
        "person": ["担当者と話したいです"],
        "called": ["担当者におつなぎします。少々お待ちください。"],
        "joined": ["担当の{}です。お待たせしました。"],
        "waits": ["ただいま二番目にお待ちです。"],
        "nobody": ["ただいま担当者が不在です。"],
        "closed": ["営業時間外です。月曜から金曜の9:00に開きます。"],
        "failed": ["申し訳ございません、担当者につながりませんでした。"],
        "over": ["会話が終了しました。ボットに戻りました。"],
        "back": ["ボットに戻りました。"],
        "survey": ["1から5で評価してください。"],
        "replies": ["おはようございます。確認いたします。", "金曜日に届きます", "番号 {nonce} を確認しました。"],
        "cancel": ["ボットに戻る"],
        "desk": ["お問い合わせ {nonce} を受け付けました。"],
    },
}  # fmt: skip

PREFIXES = ("", "", "{first}: ", "*{name}:* ", "👤 {name} — ", "<b>{first}</b>\n", "[{name}] ", "{name} (support): ")
NOTES = (
    "a good customer, always friendly",
    "he is rude; five per cent at most",
    "ask the warehouse about the red ones",
)


def other_kinds(number: int) -> list[tuple[Part, ...]]:
    """What a customer may send beside words; the number makes the files their own."""
    photo = Media(kind="photo", file=File(sha256=f"p{number}", mime="image/jpeg"))
    return [
        (photo,),
        (Media(kind="photo", file=photo.file, caption=Text(text=f"№ {number}")),),
        (photo, Media(kind="photo", file=File(sha256=f"q{number}", mime="image/jpeg"))),
        (Media(kind="voice", file=File(sha256=f"v{number}", mime="audio/ogg")),),
        (Media(kind="sticker", file=File(sha256=f"s{number}", mime="image/webp"), emoji="😀"),),
        (Location(latitude=52.2297, longitude=21.0117),),
        (Contact(name="Zofia", phone="+48 601 234 567"),),
    ]
