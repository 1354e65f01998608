internal import CArgon2

/// How much work one password costs.
package struct Argon2Parameters: Sendable, Equatable {
    /// In KiB.
    package var memory: Int
    package var passes: Int
    package var lanes: Int

    /// What OWASP asks for at the least (2024): 19 MiB, two passes, one lane.
    package static let standard = Argon2Parameters(memory: 19_456, passes: 2, lanes: 1)

    package init(memory: Int, passes: Int, lanes: Int) {
        self.memory = memory
        self.passes = passes
        self.lanes = lanes
    }
}

/// Why argon2 gave no hash.
package enum Argon2Error: Error, Equatable {
    /// By libargon2's number.
    case failed(code: Int)
}

/// The argon2id of libargon2; each call takes tens of milliseconds and stays on its thread.
enum Argon2 {
    private static let hashLength = 32

    /// The hash in its usual form, `$argon2id$v=19$m=…,t=…,p=…$SALT$HASH`.
    static func hash(_ password: String, salt: [UInt8], parameters: Argon2Parameters) throws(Argon2Error) -> String {
        let (passes, memory, lanes) = (
            UInt32(clamping: parameters.passes), UInt32(clamping: parameters.memory), UInt32(clamping: parameters.lanes)
        )
        let length = argon2_encodedlen(
            passes,
            memory,
            lanes,
            UInt32(clamping: salt.count),
            UInt32(hashLength),
            Argon2_id
        )
        var encoded = [CChar](repeating: 0, count: length)
        let password = Array(password.utf8)
        let code = argon2id_hash_encoded(
            passes,
            memory,
            lanes,
            password,
            password.count,
            salt,
            salt.count,
            hashLength,
            &encoded,
            encoded.count
        )
        guard code == ARGON2_OK.rawValue else { throw .failed(code: Int(code)) }
        return String(decoding: encoded.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    static func verify(_ password: String, against encoded: String) throws(Argon2Error) -> Bool {
        let password = Array(password.utf8)
        let code = argon2id_verify(encoded, password, password.count)
        switch code {
        case ARGON2_OK.rawValue: return true
        case ARGON2_VERIFY_MISMATCH.rawValue: return false
        default: throw .failed(code: Int(code))
        }
    }

    /// What a hash was made with; nil for what is no argon2id.
    static func parameters(of encoded: String) -> Argon2Parameters? {
        let parts = encoded.split(separator: "$")
        guard parts.count == 5, parts[0] == "argon2id" else { return nil }
        var values: [Substring: Int] = [:]
        for pair in parts[2].split(separator: ",") {
            let sides = pair.split(separator: "=")
            guard sides.count == 2, let value = Int(sides[1]) else { return nil }
            values[sides[0]] = value
        }
        guard let memory = values["m"], let passes = values["t"], let lanes = values["p"] else { return nil }
        return Argon2Parameters(memory: memory, passes: passes, lanes: lanes)
    }
}
