/// What is wrong with a password that somebody wants.
package enum PasswordProblem: String, Sendable, Equatable {
    case tooShort
    case tooLong
    case common
    /// It says little more than the person's own address or name.
    case likeAccount
    case monotonous
}

/// Which passwords are taken.
///
/// Length counts and kinds of characters do not: rules about digits and signs make people write `Password1!`.
package enum PasswordRules {
    package static let minimum = 10
    /// Enough for any sentence; longer ones only cost us time.
    package static let maximum = 256

    /// Nil when there is nothing against the password.
    package static func problem(with password: String, email: EmailAddress?, name: String?) -> PasswordProblem? {
        guard password.count >= minimum else { return .tooShort }
        guard password.utf8.count <= maximum else { return .tooLong }
        guard Set(password).count >= 5 else { return .monotonous }
        let plain = password.lowercased()
        let letters = plain.filter { $0.isLetter }
        let core = plain.filter { $0.isLetter || $0.isNumber }
        if Self.common.contains(core) || Self.common.contains(letters) { return .common }
        if isRun(core) { return .common }
        let own = [email?.text, email?.text.split(separator: "@").first.map(String.init), name?.lowercased()]
        for word in own.compactMap({ $0 }) where word.count >= 4 && plain.contains(word) {
            if plain.count - word.count < 6 { return .likeAccount }
        }
        return nil
    }

    /// Whether it is one step after the other: `abcdefghij`, `9876543210`, `1234512345`.
    private static func isRun(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count >= minimum else { return false }
        let steps = zip(bytes, bytes.dropFirst()).count { abs(Int($0) - Int($1)) <= 1 }
        return steps >= bytes.count - 2
    }

    /// What everybody tries first, without signs and digits at the end.
    private static let common: Set<String> = [
        "password", "passwordpassword", "passw0rd", "p4ssword", "password1", "password12", "password123",
        "password1234", "password12345", "qwerty", "qwertyuiop", "qwerty123", "qwerty1234", "qwerty12345",
        "qwertyqwerty",
        "asdfghjkl", "asdfghjklqwertyuiop", "zxcvbnm", "qazwsxedc", "1qaz2wsx3edc", "1q2w3e4r5t", "1q2w3e4r5t6y",
        "letmein", "letmeinplease", "welcome", "welcomewelcome", "welcome123", "iloveyou", "iloveyouiloveyou",
        "administrator", "administrator1", "admin", "adminadmin", "adminadminadmin", "admin123", "admin1234",
        "admin12345",
        "admin123456", "rootroot", "changeme", "changemechangeme", "changemenow", "changethis", "secret",
        "secretsecret",
        "trustno1", "dragon", "dragondragon", "monkey", "monkeymonkey", "football", "baseball", "superman", "sunshine",
        "princess", "whatsapp", "whatsappbot", "whatsappwhatsapp", "wharf", "wharfwharf", "wharfadmin", "testtest",
        "testtesttest", "testing", "default", "defaultpassword", "correcthorsebatterystaple", "katasandi",
        "katasandiku",
        "rahasia", "rahasiaku", "rahasiarahasia", "bismillah", "indonesia", "indonesiaraya", "sayangku", "akucintakamu",
        "doraemon", "terserah", "selamatdatang",
    ]
}
