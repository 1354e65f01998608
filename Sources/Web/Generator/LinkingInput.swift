internal import Fleet
internal import WhatsApp

/// What a person or program filled in to begin an attempt, before it is checked.
struct LinkingInput: Sendable {
    var method: String?
    var phone: String?
    var format: String?
    var prefix: String?

    /// Throws for the first field that cannot be, with words about how to correct it.
    func request() throws(RequestError) -> AttemptRequest {
        guard let name = method else { throw .missingField("method") }
        guard let method = LinkingMethod(rawValue: name) else {
            throw .invalidField("method", message: "Choose the method qr or code.")
        }
        var number: PhoneNumber?
        if method == .code {
            guard let phone else { throw .missingField("phone") }
            number = try Self.phone(phone)
        }
        let dialect = try Self.dialect(format)
        let prefix = dialect.hasPrefix ? try Self.prefix(prefix) : .standard
        return AttemptRequest(method: method, phone: number, dialect: dialect, prefix: prefix)
    }

    static func phone(_ text: String) throws(RequestError) -> PhoneNumber {
        do {
            return try PhoneNumber(parsing: text)
        } catch {
            throw .invalidField("phone", message: Self.message(for: error))
        }
    }

    private static func dialect(_ name: String?) throws(RequestError) -> SessionIDDialect {
        guard let name, !name.isEmpty else { return .tildeGzip }
        guard let dialect = SessionIDDialect(rawValue: name) else {
            let names = SessionIDDialect.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalidField("format", message: "There is no such form: choose one of \(names).")
        }
        return dialect
    }

    private static func prefix(_ text: String?) throws(RequestError) -> SessionIDPrefix {
        guard let text, !text.isEmpty else { return .standard }
        do {
            return try SessionIDPrefix(text)
        } catch {
            throw .invalidField("prefix", message: Self.message(for: error))
        }
    }

    private static func message(for error: PhoneNumberError) -> String {
        switch error {
        case .empty: "Type the phone number of the account."
        case .unexpectedCharacter: "A phone number has only digits, and a + in front: correct the other signs."
        case .leadingZero: "Begin with the country's code, such as 49 or +49, and leave out the zeros before it."
        case .tooShort(let minimum):
            "This number is too short: with the country's code it has at least \(minimum) digits."
        case .tooLong(let maximum): "This number is too long: with the country's code it has at most \(maximum) digits."
        }
    }

    private static func message(for error: SessionIDPrefixError) -> String {
        switch error {
        case .empty: "Type a prefix: the name by which the bot knows its IDs."
        case .tooLong(let limit): "A prefix has \(limit) characters at most."
        case .invalidCharacter(let character):
            "A prefix has letters, digits, hyphens, underscores and full stops; “\(character)” is none."
        case .containsSeparator: "Three underscores in a row are where some bots cut an ID apart: use fewer."
        }
    }
}
