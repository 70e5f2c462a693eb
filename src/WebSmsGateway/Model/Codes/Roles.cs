namespace WebSmsGateway.Model.Codes;

/// <summary>What a word can do for or against a number near it.</summary>
[Flags]
internal enum Roles
{
    None = 0,

    /// <summary>Names a code: code, password, key.</summary>
    Noun = 1 << 0,

    /// <summary>A noun that no report of a payment has: password, one-time password.</summary>
    Password = 1 << 29,

    /// <summary>A PIN: of a ride, a parcel or a login it is a code, of a card it is none.</summary>
    Pin = 1 << 1,

    /// <summary>What a code is for: confirmation, login, receipt. It may stand between noun and code.</summary>
    Purpose = 1 << 2,

    /// <summary>A purpose that names a code by itself where a colon follows: "Подтверждение: 1234".</summary>
    Confirm = 1 << 3,

    /// <summary>Authorisation: a purpose, and in the report of a payment a reference number.</summary>
    Approval = 1 << 4,

    /// <summary>A small word that may stand between noun and code: for, your, is.</summary>
    Link = 1 << 5,

    /// <summary>A small word that may begin what stands behind a code: your, the.</summary>
    Yours = 1 << 25,

    /// <summary>"Is" in many languages: as good as a colon or a dash.</summary>
    Assign = 1 << 6,

    /// <summary>Asks for an input: enter, tell, use.</summary>
    Verb = 1 << 7,

    /// <summary>Forbids to pass the code on, or warns of those who ask for it.</summary>
    Forbid = 1 << 8,

    /// <summary>Points at a code that was given before: this, the stated one.</summary>
    Pointing = 1 << 9,

    /// <summary>Speaks of a code that is elsewhere: "из СМС".</summary>
    Mention = 1 << 10,

    /// <summary>Says that a code is wrong, or that none is needed.</summary>
    Negation = 1 << 26,

    /// <summary>Says that a code is sent otherwise.</summary>
    Sent = 1 << 11,

    /// <summary>Asks to send a text to a short number.</summary>
    Send = 1 << 12,

    /// <summary>Things that have a code of another kind: QR, terminal, country, door.</summary>
    Other = 1 << 13,

    /// <summary>Says that a payment was refused: a code there is a reason.</summary>
    Declined = 1 << 27,

    /// <summary>An unknown Russian word that ends like a genitive: right behind "код" it says what the code is of.</summary>
    Thing = 1 << 31,

    /// <summary>Doors, gates and safes: a code that stays.</summary>
    Door = 1 << 28,

    /// <summary>Discounts and gifts: what is called a code there is none.</summary>
    Promo = 1 << 14,

    /// <summary>Money behind or before a number.</summary>
    Currency = 1 << 15,

    /// <summary>Any other unit behind a number.</summary>
    Unit = 1 << 16,

    /// <summary>The number behind it is an amount.</summary>
    Amount = 1 << 17,

    /// <summary>The number behind it is a balance: the text reports a payment that has happened.</summary>
    Balance = 1 << 30,

    /// <summary>Speaks of something that has happened to money.</summary>
    Report = 1 << 18,

    /// <summary>The number behind it is an order, a contract, an account, a terminal, a reference.</summary>
    Identifier = 1 << 19,

    /// <summary>The number behind it is a telephone.</summary>
    Phone = 1 << 20,

    /// <summary>The four digits behind it are the tail of a card.</summary>
    Card = 1 << 21,

    /// <summary>What follows is likely a time or a year.</summary>
    Until = 1 << 22,

    /// <summary>Joins the members of a list.</summary>
    List = 1 << 23,

    /// <summary>Top-level domain.</summary>
    Domain = 1 << 24,
}
