extension PanelSettings.Key {
    /// What it is called in the API and in forms.
    package var name: String {
        switch self {
        case .registration: "registrationOpen"
        case .verification: "verifyEmail"
        case .callsPerMinute: "apiCallsPerMinute"
        case .writesPerMinute: "apiWritesPerMinute"
        default: rawValue
        }
    }

    /// The key of the configuration that says the same; given there, it wins.
    package var variable: String? {
        switch self {
        case .registration: "WHARF_REGISTRATION"
        case .verification: "WHARF_VERIFY_EMAIL"
        case .loginsPerMinute: "WHARF_LOGINS_PER_MINUTE"
        case .callsPerMinute: "WHARF_API_CALLS_PER_MINUTE"
        case .writesPerMinute: "WHARF_API_WRITES_PER_MINUTE"
        case .botCheckSeconds: "WHARF_BOT_CHECK_INTERVAL"
        case .noticeDays, .approvalMonths, .botPrefix, .supportContact: nil
        }
    }

    package var kind: PanelSettings.Kind {
        switch self {
        case .registration, .verification: .flag
        case .loginsPerMinute: .number(1...1_000)
        case .callsPerMinute, .writesPerMinute: .number(1...1_000_000)
        case .botCheckSeconds: .number(1...3_600)
        case .noticeDays: .numbers(1...60, limit: 5)
        case .approvalMonths: .choice([1, 2, 3, 6, 12])
        case .botPrefix: .word(limit: 4)
        case .supportContact: .text(limit: 200)
        }
    }

    func flag(_ text: String) throws(AccountsError) -> Bool {
        guard let isOn = Bool(text) else { throw .invalidSetting(name) }
        return isOn
    }

    func number(_ text: String) throws(AccountsError) -> Int {
        let number = Int(text)
        switch kind {
        case .number(let range): if let number, range.contains(number) { return number }
        case .choice(let choices): if let number, choices.contains(number) { return number }
        default: break
        }
        throw .invalidSetting(name)
    }

    /// Each once, from the most to the fewest.
    func numbers(_ text: String) throws(AccountsError) -> [Int] {
        guard case .numbers(let range, let limit) = kind, text.utf8.count <= 100 else { throw .invalidSetting(name) }
        var numbers: Set<Int> = []
        for part in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
            guard let number = Int(part), range.contains(number) else { throw .invalidSetting(name) }
            numbers.insert(number)
        }
        guard (1...limit).contains(numbers.count) else { throw .invalidSetting(name) }
        return numbers.sorted(by: >)
    }

    func line(_ text: String) throws(AccountsError) -> String {
        let isOneLine = text.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned: false
            default: true
            }
        }
        switch kind {
        case .word(let limit):
            if isOneLine, (1...limit).contains(text.count), text.utf8.count <= 16, !text.contains(where: \.isWhitespace)
            {
                return text
            }
        case .text(let limit): if isOneLine, text.count <= limit, text.utf8.count <= 4 * limit { return text }
        default: break
        }
        throw .invalidSetting(name)
    }
}
