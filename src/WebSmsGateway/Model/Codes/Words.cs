namespace WebSmsGateway.Model.Codes;

/// <summary>
/// The stems of <see cref="Lexicon"/> by role: Russian, Ukrainian and Belarusian, Kazakh and Uzbek, English, and a few words of other
/// languages. Cyrillic ones stand for their Latin spellings, too.
/// </summary>
internal static class Words
{
    public static readonly (Roles Roles, string Stems)[] All =
    [
        (Roles.Noun, """
            код шифр= токен= рамзи= code= codes= token= cod= codul= codi= codice codigo kode kood κωδικ կոդ კოდ קוד رمز الرمز كود کد कोड
            ओटीपी รหัส 码= 碼= コード 코드 인증번호
            """),
        (Roles.Noun | Roles.Password, """
            парол ключ= асп= пэп= құпия passw passcode passphrase otp= pwd= tan= mtan= smstan= mobiletan= pushtan= clave= contrasen senha=
            passe= haslo sifre heslo lozink wachtwoord kennwort
            """),
        (Roles.Noun | Roles.Pin, "пин= пина= пину= пином= пинкод pincode nip="),
        (Roles.None, "кодек кодир кодов кодиф период раздел coder codec decode encode unicode= geocode"),
        (Roles.Confirm | Roles.Purpose, """
            подтв подтвер підтвер пацвярд пацвер верифик верифік праверк растау тасдик verif verify confirm verific weryfik potwierd
            overov potvrd potvrz bestatig bevestig conferma dogrula onay= onayla vahvist
            """),
        (Roles.Approval | Roles.Purpose, "операци operac платежа= авториз авторыз авт= autoriz authoriz authoris auth= approval"),
        (Roles.Purpose, """
            вход войти войд доступа= доступ= доступу= аутент идентиф регистр безопасн провер актив одноразов разов временн секрет сеанс
            сесси получ выдач самовывоз возврат восстан смен= смена= смены= смене= сброс отмен подпис привяз отвяз списани оплат покуп
            перевода= переводу= платеж действия= услови согласи займа= документ заказа= личн профил аккаунт нового= новый= новой= смс=
            вхід входу увах реєстр рэгістр безпек бяспек перевір однораз аднараз тимчас часов отрим атрым видач відновл аднаўл підпис кіру
            тіркел тіркеу реттік рўйхат royxat martalik mahfiy махфий maxfiy бир= бір= kirish кириш secur login= log= logon= sign= signin=
            signup= access= authent one= time= onetime temporary temp= reset= recover= recovery regist activ deliver pickup= payment=
            transaction= purchase= account= new= session= dynamic mobile= sicher anmeld zugang freigabe einmal connexion securit acces
            valid segurid seguranc acceso acesso accesso inicio= sesion inscri sicurez bezpiecz logowani jednoraz giris= guvenlik tek=
            kullanimlik kayit prihlas
            """),
        (Roles.Yours | Roles.Link, """
            ваш= ваша= ваше= вашего= ваши= вашы= твой= твоего= сіздің= сіздин= сизнинг= sizning= sizin= your= the= to= as= als= como=
            comme= jako= olarak= a= an= ihr= ihre= dein= votre= ton= tu= su= seu= sua= tuo= twoj= twoja= e= uw= je= din=
            """),
        (Roles.Link, """
            для на= в= к= ко= с= со= по= от= при= у= з= да= мой= наш= сайта= сайте= приложени үшін= учун= бул= бұл= bu= курьер водител
            оператор кассир продавц сотрудник специалист менеджер администратор врач for= in= on= at= of= our= ur= via= app= driver=
            courier operator cashier agent= staff dlia= sie= der= die= das= zur= zum= fur= und= pour= de= la= le= du= un= para= por= es=
            el= do= di= il= per= icin=
            """),
        (Roles.Assign | Roles.Link, "это= є= це= гэта= is= ist= lautet= est= es= jest= are= 是= 为= 為="),
        (Roles.Verb, """
            введ ввести= назов назвать= скажите= скажи= укажите= укажи= сообщите= сообщи= покажите= покажи= продикт предъяв используйте=
            используй= вкаж назвіть= повідомте= використ увядз назав скарыст енгіз теріңіз айтыңыз kirit кирит айтинг enter= use= input=
            insert= quote= type= eingeben= geben= gib= nutze verwend benutz introdu ingres utiliza= usa= saisis entrez= utilisez= wpisz=
            podaj= uzyj= gir= girin= giriniz= digite= inserisci= zadejte=
            """),
        (Roles.Forbid, """
            никому никогда= сообщай сообщать сообщает говори= говорите= говорить называй называть= передавай передавать передает перадава
            показывай показывать= разглаша пересыла раскрыва тайне= тайну= секрете= мошенни запраш спрашив спросят= просят= просит=
            делитесь= нікому ніколи= ніколі= повідомля паведамля розголош перадавай шахра ешкім ешқашан= айтпа бермеңіз= сұрама hech= ҳеч=
            айтманг= берманг= share= sharing= shared= disclose reveal anyone= anybody= nobody= never= scam fraud teilen= teile= niemand
            weitergeb partag communiqu personne= compart nadie= udostepn nikomu przekaz paylas condivid nessuno= ninguem=
            """),
        (Roles.Pointing, """
            этот= этого= этому= этим= данный= данного= указанный= цей= цього= гэты= осы= ушбу= this= that= diesen= dieser= cet= ce= este=
            ese= questo= ten= tego= bu=
            """),
        (Roles.Mention, "из= который= которые= from="),
        (Roles.Negation, "не= нет= неверн неправильн без= not= no= wrong incorrect invalid without= keine= pas= nie= emas= емес="),
        (Roles.Sent, "отправлен отправили= отправим= выслан вышлем= направлен придет= придут= приходит= поступит= надісл прийде= sent="),
        (Roles.Send, """
            отправьт отправь= отправляй отправить= перешли= перешлите= пошли= пошлите= вышлите= ответьте= набер надішл адпраў жібер юбор send= reply=
            """),
        (Roles.Other, """
            штрих почтов индекс= страны= страна= город= города= регион ошибк товар артикул терминал клиент абонент участник плательщик
            двер входной= замка= трек= трэк= рефера пригла подразделен отделени рекоменд бонусн доход предложен магазин филиал валют
            объект ваканс билет аэропорт станци категори специальност партнер поставщик упаков крышк чека= чеке= маршрут груз причин
            бюджет классиф район склад модел издели организац учрежден программы= продукт событи тауар ответ отказ класс групп услуги=
            друга= дилер брон горада= qr= bar= barcode zip= zipcode post= posta= postcode postal country= area= error= fehler client=
            customer= track= tracking= referral invit source= dress= class= group= branch= bank= currency= airport= color= item= job=
            status= http= routing= reason= tax= gate= door= puk= vin= region= product= offer= store= response= swift= iban= booking=
            reservation ussd= sort= reference= ref= серийн податков налогов идентификационн ідентифікаційн
            """),
        (Roles.Door | Roles.Other, "домоф подъезд калит ворот= ворота= шлагбаум сейф"),
        (Roles.Thing, "сотрудника= менеджера= кассира= врача= специалиста="),
        (Roles.Declined | Roles.Report, "отказ отклонен declined= refused= rejected="),
        (Roles.Promo | Roles.Other, """
            скидк дисконт промо фрибет купон ваучер распродаж акция= акции= акцию= подарок= подарк подароч розыгр выигр сертификат знижк зніжк
            приз= приза= призы= призов= подарун виграй жеңілд чегирма coupon voucher sale= sales= discount gift= rabatt rabat= gutschein descuento indirim remise=
            reduction=
            """),
        (Roles.Currency, """
            р= руб рубл коп= евро= доллар долл= гривен грн= hrn= тенге тнг= тг= сум= сўм= so'm= soum= сом= сомони= лей= лв= лева= злот
            манат драм= лари= юан рупи rur= usd= eur= euro= euros= gbp= chf= kzt= uzs= kgs= tjs= amd= gel= azn= byn= byr= uah= mdl= pln=
            zl= czk= kc= huf= ft= tl= lira kr= sek= nok= cny= rmb= jpy= inr= rs= aed= thb= usdt= usdc= btc= eth= trx= bnb=
            """),
        (Roles.Unit, """
            минут мин= секунд сек= час= часа= часов= ч= день= дня= дней= дн= сут= суток= недел месяц мес= лет= год= года= году= г= гг=
            тыс= тысяч млн= млрд= км= кг= гр= шт= штук м= мл= л= кв= вт= квт= мб= гб= кб= балл бонус миль= мили= человек чел= раз= раза=
            процент хвилин годин= днів= дзён= дақиқа daqiqa соат= soat= кун= күн= mins= minute= minutes= sec= secs= second= seconds= hour=
            hours= hrs= day= days= week weeks= year= years= point= points= pts= miles= mb= gb= percent people= times= minuten= stunden=
            minuti= minutos= heures= godzin dni= dakika gun=
            """),
        (Roles.Amount | Roles.Balance | Roles.Report, """
            баланс доступно= доступный= остат balance available= avail= залишок= залишк даступн астат қалдық қолдик qoldiq
            қолжет mavjud saldo=
            """),
        (Roles.Amount, """
            показани показник сумма= сумму= суммы= суммой= сумме= итого= комисс лимит долг= долга= задолж цена= цены= цену= стоимост суму= суми= somma=
            suma= limit amount= total= fee= price= кирим= чиқим=
            """),
        (Roles.Report, """
            успешн выполнен одобрен проведен произведен совершен зачислен списано= списаны= исполнен прошла= выдано= успішн паспяхов
            амалга= тўланди= approved= completed= successful received= spent= tolandi= charged=
            """),
        (Roles.Identifier, """
            договор контракт счет= счета= счету= счете= сч= терминал авт= инн= кпп= огрн= окпо= октмо= оквэд= єдрпоу= ккт= снилс= бик=
            бин= иин= паспорт ид= уин= полис= полиса= полису= рейс= рейса= рейсу= поезд= поезда= чек= чека= чеку= квитанц талон накладн
            трек= отправление= отправления= транзакци азс= банкомат заказ заявк заявлен обращени тикет= инцидент брон посылка= вагон=
            место= каб= офис= кв= дом= лот= дело= дела= делу= серия= артикул= арт= гос= госномер= штраф постановл версия= модель= номерн
            лицев замовл замов заяўк рахун дагавор buyurtma шартнома тапсырыс contract= account= acct= acc= term= tid= mid= rrn= ref=
            reference= auth= appr= id= uid= policy= flight= train= receipt= ticket= tracking= track= order= orders= parcel= shipment=
            package= invoice= booking= iban= atm= pos= version= model= vin= sku= bestellung= commande= pedido= zamowieni siparis ordine=
            """),
        (Roles.Phone, "тел= телефон т= номер звон позвон tel= number= no= nr= phone= call= dial= нумар нөмір рақам"),
        (Roles.Card, """
            карт виза= мир= puk= пук= сим= мастеркард оканчив заканчив счет= белкарт хумо= элкарт= card= cards= visa= mastercard= maestro=
            mc= ecmc= maes= ecvisa= uzcard= amex= unionpay= ending= tarjeta= carte=
            """),
        (Roles.Until, "до= в= с= к= около= после= at= until= till= by= since= before= after="),
        (Roles.List, "и= или= либо= або= and= or= oder= ou="),
        (Roles.Domain, """
            ru= рф= com= net= org= me= io= uz= kz= by= ua= cc= su= info= app= online= site= shop= store= pro= bank= link= ly= de= fr= pl=
            gg= kg= am= ge= tj= eu= uk= biz= club= tv= mobi= dev= ai=
            """),
    ];
}
