namespace WebSmsGateway.Codes;

/// <summary>
/// The stems of <see cref="Lexicon"/> by role: Russian first, then transliterated Russian, Ukrainian and Belarusian, Kazakh and
/// Uzbek, English, and a few words of other languages.
/// </summary>
internal static class Words
{
    public static readonly (Roles Roles, string Stems)[] All =
    [
        (Roles.Noun, """
            код парол ключ= шифр=
            kod parol klyuch= kluch=
            құпия рамзи=
            code= codes= passw passcode passphrase otp=
            cod= codul= codi= codice codigo kode kood clave= contrasen senha= passe= haslo sifre heslo lozink wachtwoord kennwort
            tan= mtan= smstan= mobiletan= pushtan= pwd=
            κωδικ կոդ კოდ קוד رمز الرمز كود کد कोड ओटीपी รหัส 码 碼 コード 코드 인증번호
            """),
        (Roles.Noun | Roles.Pin, "пин= пина= пину= пином= пинкод pin= pincode pinkod nip="),
        (Roles.Confirm | Roles.Purpose, """
            подтвер podtver podtvjer підтвер pidtver пацвярд пацвер верифик верифік праверк
            растау тасдик tasdiq tasdik verif verify confirm
            verific weryfik potwierd overov potvrd potvrz bestatig bevestig conferma dogrula onay= onayla vahvist потвърд
            """),
        (Roles.Approval | Roles.Purpose, "авториз авторыз авт= avtoriz avtorys avt= autoriz autoryz authoriz authoris auth= approval"),
        (Roles.Purpose, """
            вход войти войд доступа= доступ= доступу= аутент идентиф регистр безопасн провер актив одноразов разов временн секрет сеанс
            получ выдач восстан смен= смена= смены= смене= сброс подпис привяз отвяз списани оплат покуп операци перевода= переводу= платеж
            действия= услови согласи займа= документ заказа= личн профил аккаунт нового= новый= новой= смс=
            vhod vkhod vxod voiti voyti dostupa= dostup= registr bezopas prover aktiv odnoraz razov vremen sekret seans poluch vydach vidach
            vosstan smeny= sbros podpis privyaz spisani oplat pokup operac operats perevoda= platez plategh profil akkaunt sms=
            вхід входу увах реєстр рэгістр безпек бяспек перевір однораз аднараз тимчас часов отрим атрым видач відновл аднаўл підпис
            кіру тіркел тіркеу реттік реттик kirish ro'yxat royxat martalik mahfiy maxfiy махфий бир= bir= бір=
            secur login= log= logon= sign= signin= signup= access= authent auth= one= time= onetime temporary temp= reset recover= recovery
            regist activ deliver pickup= payment= transaction= purchase= account= new= session= dynamic mobile=
            sicher anmeld zugang freigabe einmal login connexion securit acces valid segurid seguranc acceso acesso accesso inicio sesion
            inscri sicurez bezpiecz logowani jednoraz giris= guvenlik tek= kullanimlik kayit prihlas
            """),
        (Roles.Yours | Roles.Link, """
            ваш= ваша= ваше= вашего= твой= твоего= vash= vashe= vashego= tvoy= tvoj= ваши= вашы= сіздің= сіздин= сизнинг= sizning= sizin=
            your= the= to= as= als= como= comme= jako= olarak= ihr= ihre= dein= votre= ton= tu= su= seu= sua= tuo= twoj= twoja= e= uw= je= din= a= an=
            """),
        (Roles.Link, """
            для на в= к= ко= с= со= по= от= при= у= мой= наш= сайта= сайте= приложени
            dlya= dlja= dlia= dla= na= v= k= s= so= po= ot= pri=
            з= да= үшін= учун= uchun= бул= бұл= bu=
            for= in= on= at= of= our= ur= via= app=
            sie= der= die= das= zur= zum= fur= und= pour= de= la= le= du= un= para= por= es= el= da= do= di= il= per= icin=
            """),
        (Roles.Link, """
            курьер водител оператор кассир продавц сотрудник специалист менеджер администратор врач приложени
            kurer voditel operator kassir prodavc sotrudnik menedzher driver= courier operator cashier agent= staff
            """),
        (Roles.Assign | Roles.Link, "это= eto= є= це= гэта= is= ist= est= es= jest= are= 是 为 為"),
        (Roles.Verb, """
            введ ввести= назов назвать= скажите= скажи= укажите= укажи= сообщите= сообщи= покажите= покажи= продикт предъяв используйте= используй=
            vved vvesti= nazov skazhite= skajite= ukazhite= ukajite= pokazhite= pokajite= prodikt predyav ispolzuyte= ispolzujte= ispolzuite=
            soobschite= soobshchite= soobshite= soobwite=
            вкаж назв повідомте= використ увядз назав скарыст енгіз теріңіз айтыңыз kirit кирит ayting айтинг
            enter= use= input= insert= quote= type= eingeben= geben= gib= nutze verwend benutz introdu ingres utiliza= usa= saisis entrez= utilisez=
            wpisz= podaj= uzyj= gir= girin= giriniz= digite= inserisci= zadejte=
            """),
        (Roles.Forbid, """
            никому никогда= сообщай сообщать сообщает говори= говорите= говорить называй называть= передавай передавать передает перадава показывай показывать=
            разглаша пересыла раскрыва тайне= тайну= секрете= мошенни запраш спрашив спросят= просят= просит= делитесь=
            nikomu nikogda= soobschaj soobschay soobschai soobshchaj soobshchay soobshchai soobshaj soobshay soobshai soobwa govorite= govori= nazyvaj nazyvay
            peredava razglash moshenn tajne= tayne= taine= zapras sekrete=
            нікому ніколи= ніколі= повідомля паведамля розголош перадавай передавайте= шахра
            ешкім ешқашан= айтпа бермеңіз= hech= aytmang= bermang= ҳеч= айтманг= берманг=
            share= sharing= shared= disclose reveal anyone= anybody= nobody= never= scam fraud
            teilen= teile= niemand weitergeb partag communiqu personne= compart nadie= udostepn nikomu przekaz paylas condivid nessuno= ninguem=
            """),
        (Roles.Pointing, """
            этот= этого= этому= этим= данный= данного= указанный= etot= etogo= etim= цей= цього= гэты= осы= ушбу= ushbu=
            this= that= diesen= dieser= cet= ce= este= ese= questo= ten= tego= bu=
            """),
        (Roles.Mention, "из= iz= from= который= которые= kotoryj= kotoryy="),
        (Roles.Negation, "не= нет= неверн неправильн без= ne= net= nevern bez= not= no= wrong incorrect invalid without= keine= pas= nie= emas= емес="),
        (Roles.Sent, """
            отправлен отправили= отправим= выслан вышлем= направлен придет= придут= приходит= поступит= надісл прийде=
            otpravlen otpravim= vyslan vislan vyshlem= napravlen pridet= sent=
            """),
        (Roles.Send, """
            отправьт отправь= отправляй отправить= пошли= пошлите= вышлите= ответьте= набер
            otpravte= otprav= otpravit= poshlite= otvette= naber send= reply= надішл адпраў жібер yubor юбор
            """),
        (Roles.Other, """
            qr= штрих почтов индекс= страны= страна= город= города= регион ошибк товар артикул терминал клиент абонент участник плательщик
            домоф подъезд двер калит ворот= шлагбаум замка= сейфа= трек= трэк= рефера пригла подразделен отделени рекоменд бонусн услуги= друга= дилер
            shtrih strih domofon podezd region= oshibk tovar terminal klient abonent брон
            bar= barcode zip= zipcode post= postcode postal country= area= error= client= customer= track= tracking= referral invit source= dress=
            swift= iban= booking= reservation ussd= sort=
            """),
        (Roles.Promo | Roles.Other, """
            скидк промо фрибет купон ваучер распродаж акция= акции= акцию= подарок= подарк подароч розыгр выигр сертификат
            skidk promo kupon coupon voucher vaucher rasprod akciya= akcii= podarok= podark podaroch rozygr
            знижк зніжк подарун виграй жеңілд чегирма chegirma sale= sales= discount gift= rabatt rabat= gutschein descuento indirim remise= reduction=
            """),
        (Roles.Currency, """
            р= руб рубл коп= евро= доллар долл= гривен грн= тенге тнг= тг= сум= сўм= сом= сомони= лей= лв= лева= злот манат драм= лари= юан рупи белруб
            rub rubl rur= kop= evro= dollar grn= hrn= tenge tng= tg= sum= som= so'm= soum=
            usd= eur= euro= euros= gbp= chf= kzt= uzs= kgs= tjs= amd= gel= azn= byn= byr= uah= mdl= pln= zl= czk= kc= huf= ft= tl= lira kr= sek= nok=
            cny= rmb= jpy= inr= rs= aed= thb= usdt= usdc= btc= eth= trx= bnb=
            """),
        (Roles.Unit, """
            минут мин= секунд сек= час= часа= часов= ч= день= дня= дней= дн= сут= суток= недел месяц мес= лет= год= года= году= г= гг= тыс= тысяч млн= млрд=
            км= кг= гр= шт= штук м= мл= л= кв= вт= квт= мб= гб= кб= балл бонус миль= мили= спасибок человек чел= раз= раза= смс-сообщ процент
            minut min= sek= chas= chasa= chasov= den= dnya= dnej= dney= god= goda= let= tys= mln= ball bally bonus sht= km= kg=
            хвилин годин= днів= дзён= daqiqa дақиқа soat= kun= күн=
            mins= minute= minutes= sec= secs= second= seconds= hour= hours= hrs= day= days= week weeks= year= years= point= points= pts= miles= mb= gb= percent people= times=
            minuten= stunden= minuti= minutos= heures= godzin dni= dakika saat= gun=
            """),
        (Roles.Amount | Roles.Report, "баланс доступн остат balans dostupn ostat balance avail залишок= залишк даступн астат қалдық қолдик qoldiq қолжет mavjud saldo="),
        (Roles.Amount, """
            сумма= сумму= суммы= суммой= сумме= итого= комисс лимит долг= долга= задолж цена= цены= цену= стоимост
            summa= summu= summy= itogo= komiss kommis limit dolg= zadolzh zadolj cena= сума= суму= суми= сома= somma= suma= amount= total= fee= price= kirim= chiqim=
            """),
        (Roles.Report, """
            успешн выполнен одобрен проведен произведен совершен зачислен списано= списаны= исполнен отказ= отклонен прошла= выдано=
            uspesh vypoln vipoln odobren proveden proizved soversh zachisl spisano= otkaz= otklon успішн паспяхов
            approved= completed= declined= successful received= spent= amalga= амалга= tolandi= to'landi=
            """),
        (Roles.Identifier, """
            договор контракт счет= счета= счету= счете= сч= терминал авт= инн= кпп= огрн= снилс= бик= бин= иин= паспорт ид= уин= полис= полиса= полису=
            рейс= рейса= рейсу= поезд= поезда= чек= чека= чеку= квитанц талон накладн трек= отправление= отправления= транзакци азс= банкомат
            заказ заявк заявлен обращени тикет= инцидент брони= бронь= брони бронировани посылка= посылки= посылку= вагон= место= каб= офис= кв= дом= лот= дело= дела= делу=
            серия= артикул= арт= гос= госномер= штраф постановл версия= модель= номерн лицев
            dogovor kontrakt schet= scheta= schetu= sch= terminal avt= polis= rejs= reys= chek= cheka= kvitan nakladn zakaz zayavk zajavk zayvk zayavl obrash tranzak
            замовл замов заяўк рахун дагавор buyurtma шартнома shartnoma тапсырыс
            contract= account= acct= acc= term= tid= mid= rrn= ref= reference= auth= appr= id= uid= policy= flight= train= receipt= ticket= tracking= track=
            order= orders= parcel= shipment= package= invoice= booking= iban= atm= pos= version= model= vin= sku= bestellung= commande= pedido= zamowieni siparis ordine=
            """),
        (Roles.Phone, "тел= телефон т= номер звон позвон tel= telefon nomer number= no= nr= phone= call= dial= zvon pozvon нумар нөмір raqam рақам"),
        (Roles.Card, """
            карт виза= мир= мастеркард оканчив заканчив счет= белкарт хумо= элкарт= kart schet= mir= humo= uzcard= belkart
            card= cards= visa= mastercard= maestro= mc= ecmc= maes= ecvisa= amex= unionpay= ending= tarjeta= carte=
            """),
        (Roles.Until, "до= в= c= к= около= после= do= v= at= until= till= by= since= before= after="),
        (Roles.List, "и= или= либо= або= i= ili= and= or= oder= ou="),
        (Roles.Domain, """
            ru= рф= com= net= org= me= io= uz= kz= by= ua= cc= su= info= app= online= site= shop= store= pro= bank= link= ly= de= fr= pl= gg= kg= am=
            ge= tj= eu= uk= biz= club= tv= mobi= dev= ai=
            """),
        (Roles.None, "кодек кодир кодов кодиф период kodek kodir kodov kodak kodif coder codec decode encode unicode= geocode раздел заказник"),
    ];
}
