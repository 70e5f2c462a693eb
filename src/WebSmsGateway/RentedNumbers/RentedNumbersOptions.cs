using FluentValidation;
using WebSmsGateway.Model;

namespace WebSmsGateway.RentedNumbers;

/// <summary>The rented numbers: section <c>RentedNumbers</c>. If at least one is listed, all others are 404. Default: none.</summary>
internal sealed class RentedNumbersOptions : List<RentedNumberOptions>
{
    public const string Section = "RentedNumbers";
}

/// <summary>One rented number.</summary>
internal sealed class RentedNumberOptions
{
    /// <summary>The number, <c>7XXXYYYYYYY</c>; a leading <c>+</c> is accepted. Required.</summary>
    public string Number { get; set; } = "";

    /// <summary>The name of the number in lists. Default: none; up to 100 characters.</summary>
    public string? Label { get; set; }

    /// <summary>The longest normal silence. A longer one raises the alarm. Default: none; 1 min to 366 days.</summary>
    public TimeSpan? ExpectWithin { get; set; }
}

internal sealed class RentedNumbersOptionsValidator : AbstractValidator<RentedNumbersOptions>
{
    public RentedNumbersOptionsValidator() => RuleForEach(list => list).ChildRules(number =>
    {
        number.RuleFor(item => item.Number).Must(text => RentedNumber.TryParse(text, out _)).WithMessage(RentedNumber.Accepted);
        number.RuleFor(item => item.Label).MaximumLength(100).WithMessage("a label has up to 100 characters");
        number.RuleFor(item => item.ExpectWithin).InclusiveBetween(TimeSpan.FromMinutes(1), TimeSpan.FromDays(366))
            .WithMessage("accepted are 00:01:00 to 366.00:00:00, for example 1.00:00:00");
    });
}
