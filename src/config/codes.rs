//! Numbers with a pattern of their own: the unified social credit code (GB 32100) with the organisation code inside it
//! (GB 11714), and disclosure index numbers. Text in, what is wrong out.

use super::IndexPattern;

/// What is wrong with a credit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeFault {
    /// Not 18 characters of the alphabet of GB 32100 (no I, O, S, V, Z).
    Shape,
    /// The last character does not check (GB 32100); this one would.
    CreditCheck(char),
    /// The 17th character, the check of the organisation code in places 9 to 17, does not check (GB 11714).
    OrganisationCheck(char),
}

/// The digits of GB 32100 in their order.
const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

/// Verifies an 18-character unified social credit code.
pub fn credit_code_fault(code: &str) -> Option<CodeFault> {
    let bytes = code.as_bytes();
    let values: Vec<u32> =
        bytes.iter().filter_map(|b| ALPHABET.iter().position(|a| a == b)).map(|i| i as u32).collect();
    if bytes.len() != 18 || values.len() != 18 {
        return Some(CodeFault::Shape);
    }
    // The organisation code counts letters otherwise: A is 10, Z is 35, none left out.
    let organisation = &bytes[8..16];
    let sum: u32 = organisation.iter().zip(ORGANISATION_WEIGHTS).map(|(b, w)| letter_value(*b) * w).sum();
    let check = match 11 - sum % 11 {
        10 => 'X',
        11 => '0',
        digit => char::from_digit(digit, 10).unwrap_or('0'),
    };
    if char::from(bytes[16]) != check {
        return Some(CodeFault::OrganisationCheck(check));
    }
    let mut weight = 1;
    let mut sum = 0;
    for value in &values[..17] {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    let check = char::from(ALPHABET[((31 - sum % 31) % 31) as usize]);
    (char::from(bytes[17]) != check).then_some(CodeFault::CreditCheck(check))
}

fn letter_value(byte: u8) -> u32 {
    char::from(byte).to_digit(36).unwrap_or(0)
}

/// What is wrong with an index number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IndexFault {
    /// It does not have the form of the pattern.
    Shape,
    /// The credit code in it is wrong.
    Code(CodeFault),
}

impl IndexPattern {
    /// Verifies an index number and gives the year in it, when the pattern has one.
    pub fn verify(&self, number: &str) -> Result<Option<i16>, IndexFault> {
        match self {
            IndexPattern::Any => Ok(None),
            IndexPattern::Custom(pattern) => match_pattern(pattern, number).ok_or(IndexFault::Shape),
            IndexPattern::CreditCode => {
                let (code, rest) = number.split_once('/').ok_or(IndexFault::Shape)?;
                let (year, serial) = rest.split_once('-').ok_or(IndexFault::Shape)?;
                let digits = |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
                if !digits(year, 4) || !digits(serial, 5) {
                    return Err(IndexFault::Shape);
                }
                match credit_code_fault(code) {
                    None => Ok(year.parse().ok()),
                    Some(CodeFault::Shape) => Err(IndexFault::Shape),
                    Some(fault) => Err(IndexFault::Code(fault)),
                }
            }
        }
    }

    /// The pattern as a person reads it.
    pub fn shown(&self) -> &str {
        match self {
            IndexPattern::CreditCode => "{统一社会信用代码}/{year}-{5}",
            IndexPattern::Custom(pattern) => pattern,
            IndexPattern::Any => "…",
        }
    }

    /// From the text in the configuration; `None` for a pattern that can't be understood.
    pub fn parse(text: &str) -> Option<IndexPattern> {
        match text {
            "credit-code" | "信用代码" => Some(IndexPattern::CreditCode),
            "any" | "任意" => Some(IndexPattern::Any),
            _ => {
                let parts = parts(text)?;
                (parts.iter().any(|p| !matches!(p, Part::Literal(_)))).then(|| IndexPattern::Custom(text.to_string()))
            }
        }
    }
}

/// A part of a custom pattern.
enum Part {
    Literal(char),
    /// Any letters and digits, at least one.
    Code,
    Year,
    Digits(usize),
}

fn parts(pattern: &str) -> Option<Vec<Part>> {
    let mut out = Vec::new();
    let mut rest = pattern;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        if c != '{' {
            out.push(Part::Literal(c));
            continue;
        }
        let (name, after) = rest.split_once('}')?;
        rest = after;
        out.push(match name {
            "code" => Part::Code,
            "year" => Part::Year,
            _ => Part::Digits(name.parse().ok().filter(|n| (1..=30).contains(n))?),
        });
    }
    Some(out)
}

/// `None` when the number does not match; else the year in it, if the pattern has one.
fn match_pattern(pattern: &str, number: &str) -> Option<Option<i16>> {
    let parts = parts(pattern)?;
    let chars: Vec<char> = number.chars().take(200).collect();
    // All the places at which what has been matched may end, each with the year seen on the way: no backtracking, so no
    // pattern takes longer than its length times that of the number.
    let mut ends: Vec<(usize, Option<i16>)> = vec![(0, None)];
    for part in &parts {
        let mut next: Vec<(usize, Option<i16>)> = Vec::new();
        let mut reached = vec![false; chars.len() + 1];
        for (at, year) in ends {
            let mut reach = |end: usize, year| {
                if !std::mem::replace(&mut reached[end], true) {
                    next.push((end, year));
                }
            };
            let digits = |n: usize| chars.get(at..at + n).filter(|c| c.iter().all(char::is_ascii_digit));
            match part {
                Part::Literal(c) if chars.get(at) == Some(c) => reach(at + 1, year),
                Part::Literal(_) => {}
                Part::Code => {
                    let run = chars[at..].iter().take_while(|c| c.is_alphanumeric()).count();
                    (1..=run).for_each(|n| reach(at + n, year));
                }
                Part::Year => {
                    if let Some(text) = digits(4) {
                        reach(at + 4, text.iter().collect::<String>().parse().ok());
                    }
                }
                Part::Digits(n) => {
                    if digits(*n).is_some() {
                        reach(at + n, year);
                    }
                }
            }
        }
        ends = next;
    }
    ends.into_iter().find(|(end, _)| *end == chars.len()).map(|(_, year)| year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credit_codes_check_both_digits() {
        assert_eq!(credit_code_fault("11620600MB17573985"), None);
        assert_eq!(credit_code_fault("11990000MB0000000J"), None);
        assert_eq!(credit_code_fault("11620600MB17573986"), Some(CodeFault::CreditCheck('5')));
        assert_eq!(credit_code_fault("11620600MB17573975"), Some(CodeFault::OrganisationCheck('8')));
        assert_eq!(credit_code_fault("11620600MB1757398"), Some(CodeFault::Shape));
        assert_eq!(credit_code_fault("11620600mb17573985"), Some(CodeFault::Shape));
        assert_eq!(credit_code_fault("11620600MB1757398O"), Some(CodeFault::Shape));
    }

    #[test]
    fn the_default_pattern_wants_code_year_and_five_digits() {
        let verify = |number| IndexPattern::CreditCode.verify(number);
        assert_eq!(verify("11620600MB17573985/2021-03092"), Ok(Some(2021)));
        assert_eq!(verify("11620600MB17573985/2021-3092"), Err(IndexFault::Shape));
        assert_eq!(verify("11620600MB17573985／2021-03092"), Err(IndexFault::Shape));
        let wrong = IndexFault::Code(CodeFault::CreditCheck('5'));
        assert_eq!(verify("11620600MB17573984/2021-03092"), Err(wrong));
    }

    #[test]
    fn a_pattern_of_ones_own_is_matched_without_backtracking() {
        let verify = |pattern: &str, number: &str| IndexPattern::parse(pattern).map(|p| p.verify(number));
        assert_eq!(verify("{9}/{year}-{5}", "000014349/2017-00110"), Some(Ok(Some(2017))));
        assert_eq!(verify("{code}-{year}-{3}", "A1-2-2017-001"), Some(Err(IndexFault::Shape)));
        assert_eq!(verify("GK{code}{year}{2}", "GKabc1201799"), Some(Ok(Some(2017))));
        assert_eq!(verify("{code}{code}{code}{code}x", &"a".repeat(100_000)), Some(Err(IndexFault::Shape)));
        assert_eq!(verify("no parts", "x"), None);
        assert_eq!(verify("{yaer}", "x"), None);
        assert_eq!(verify("any", "随便"), Some(Ok(None)));
    }
}
