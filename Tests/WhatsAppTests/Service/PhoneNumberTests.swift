import Testing
import WhatsApp

struct PhoneNumberTests {
    @Test(arguments: [
        "15550001111", "+15550001111", "+1 (555) 000-1111", " 1.555.000.1111 ", "1/555/000/1111",
        "+1\u{00a0}555 000 1111",
        "\u{202A}+1 555\u{2011}000\u{2011}1111\u{202C}", "１５５５０００１１１１", "+١٥٥٥٠٠٠١١١١",
    ])
    func writingsOfOneNumber(_ text: String) throws {
        #expect(try PhoneNumber(parsing: text).digits == "15550001111")
    }

    @Test(arguments: [
        ("", PhoneNumberError.empty), ("   ", .empty), ("+", .empty), ("()", .empty),
        ("0015550001111", .leadingZero), ("05550001111", .leadingZero), ("+0 555 000 1111", .leadingZero),
        ("123456", .tooShort(minimum: 7)), ("1234567890123456", .tooLong(maximum: 15)),
        ("1555000111a", .unexpectedCharacter), ("1+5550001111", .unexpectedCharacter),
        ("++15550001111", .unexpectedCharacter), ("1555@0001111", .unexpectedCharacter),
        ("15550001111;DROP", .unexpectedCharacter), ("½5550001111", .unexpectedCharacter),
        ("1555000\u{0000}1111", .unexpectedCharacter), ("☎15550001111", .unexpectedCharacter),
    ])
    func sillyForms(_ text: String, _ error: PhoneNumberError) {
        #expect(throws: error) { try PhoneNumber(parsing: text) }
    }

    @Test func longRubbishIsRefusedAtOnce() {
        let text = String(repeating: "1", count: 10_000_000)
        #expect(throws: PhoneNumberError.tooLong(maximum: 15)) { try PhoneNumber(parsing: text) }
    }
}
