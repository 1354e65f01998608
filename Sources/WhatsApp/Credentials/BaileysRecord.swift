import SignalProtocol

/// An object of `creds.json` and the path to it, read field by field.
///
/// `null` is the same as absent, as it is for the programs that wrote the file.
struct BaileysRecord {
    private let path: String
    private let members: [JSONValue.Member]

    /// The whole file.
    init(file value: JSONValue) throws(CredentialsImportError) {
        guard case .object(let members) = value else { throw .notAnObject }
        path = ""
        self.members = members
    }

    private init(path: String, members: [JSONValue.Member]) {
        self.path = path
        self.members = members
    }

    /// All members, each of which must be an object.
    func records() throws(CredentialsImportError) -> [(name: String, record: BaileysRecord)] {
        var records: [(name: String, record: BaileysRecord)] = []
        for member in members where member.value != .null { records.append((member.name, try record(member.name))) }
        return records
    }

    /// The names of all members that have a value.
    var names: [String] { members.filter { $0.value != .null }.map(\.name) }

    /// A list whose elements must all be objects.
    func list(_ name: String) throws(CredentialsImportError) -> [BaileysRecord] {
        guard case .array(let values) = try required(name) else {
            throw .wrongType(field: field(name), expected: .array)
        }
        return try Self.list(values, path: field(name))
    }

    static func list(_ values: [JSONValue], path: String) throws(CredentialsImportError) -> [BaileysRecord] {
        var records: [BaileysRecord] = []
        for (index, value) in values.enumerated() {
            let path = "\(path)[\(index)]"
            guard case .object(let members) = value else { throw .wrongType(field: path, expected: .object) }
            records.append(BaileysRecord(path: path, members: members))
        }
        return records
    }

    /// The name of a field, as errors tell it.
    func field(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    func value(_ name: String) -> JSONValue? {
        guard let value = members.first(where: { $0.name == name })?.value, value != .null else { return nil }
        return value
    }

    func required(_ name: String) throws(CredentialsImportError) -> JSONValue {
        guard let value = value(name) else { throw .missingField(field(name)) }
        return value
    }

    func record(_ name: String) throws(CredentialsImportError) -> BaileysRecord {
        guard case .object(let members) = try required(name) else {
            throw .wrongType(field: field(name), expected: .object)
        }
        return BaileysRecord(path: field(name), members: members)
    }

    func text(_ name: String) throws(CredentialsImportError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .string(let text) = value else { throw .wrongType(field: field(name), expected: .text) }
        return text
    }

    func bool(_ name: String) throws(CredentialsImportError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .bool(let bool) = value else { throw .wrongType(field: field(name), expected: .boolean) }
        return bool
    }

    func integer(_ name: String, in range: ClosedRange<Int64>) throws(CredentialsImportError) -> Int64 {
        guard case .number(let number) = try required(name) else {
            throw .wrongType(field: field(name), expected: .number)
        }
        guard let integer = JSONValue.integer(number), range.contains(integer) else {
            throw .invalidValue(field: field(name))
        }
        return integer
    }

    func number(_ name: String, in range: ClosedRange<UInt32>) throws(CredentialsImportError) -> UInt32 {
        let integer = try integer(name, in: Int64(range.lowerBound)...Int64(range.upperBound))
        return UInt32(clamping: integer)
    }

    /// Bytes in any of the forms that Baileys has ever written.
    ///
    /// `{"type":"Buffer","data":"<base64>"}`, the same with an array of numbers, `{"0":1,"1":2,...}`, and a plain base64
    /// string (credentials.md 2.1).
    func bytes(_ name: String, count: Int? = nil) throws(CredentialsImportError) -> [UInt8] {
        let value = try required(name)
        let field = field(name)
        let bytes = try Self.bytes(of: value, field: field)
        guard let count else { return bytes }
        guard bytes.count == count else { throw .wrongLength(field: field, expected: count, actual: bytes.count) }
        return bytes
    }

    /// A pair whose public half is the one of its private half.
    func keyPair(_ name: String) throws(CredentialsImportError) -> Curve25519KeyPair {
        try record(name).keyPair()
    }

    /// The same of the record itself.
    func keyPair() throws(CredentialsImportError) -> Curve25519KeyPair {
        let privateKey = try bytes("private", count: Curve25519KeyPair.keyLength)
        let publicKey = try bytes("public", count: Curve25519KeyPair.keyLength)
        guard let pair = try? Curve25519KeyPair(privateKey: privateKey), pair.publicKey == publicKey else {
            throw .mismatchedKeyPair(field: path)
        }
        return pair
    }

    static func bytes(of value: JSONValue, field: String) throws(CredentialsImportError) -> [UInt8] {
        switch value {
        case .string(let text):
            guard let bytes = Base64.decode(text) else { throw .invalidBase64(field: field) }
            return bytes
        case .array(let numbers):
            return try bytes(ofNumbers: numbers, field: field)
        case .object(let members):
            let record = BaileysRecord(path: field, members: members)
            if record.value("type") == .string("Buffer") || record.value("buffer") == .bool(true) {
                // Buffer.toJSON leaves `data` away in no version; an old reader also knew `value`.
                guard let inner = record.value("data") ?? record.value("value") else {
                    throw .missingField(record.field("data"))
                }
                if case .object = inner { throw .wrongType(field: record.field("data"), expected: .bytes) }
                return try bytes(of: inner, field: record.field("data"))
            }
            return try bytes(ofIndexed: members, field: field)
        case .null, .bool, .number:
            throw .wrongType(field: field, expected: .bytes)
        }
    }

    private static func bytes(ofNumbers numbers: [JSONValue], field: String) throws(CredentialsImportError) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(numbers.count)
        for number in numbers { bytes.append(try byte(number, field: field)) }
        return bytes
    }

    /// The keys are all the numbers from 0, in any order.
    private static func bytes(ofIndexed members: [JSONValue.Member], field: String) throws(CredentialsImportError)
        -> [UInt8]
    {
        guard !members.isEmpty else { throw .wrongType(field: field, expected: .bytes) }
        var bytes = [UInt8](repeating: 0, count: members.count)
        // The reader has seen to it that no name repeats, so as many indices as there are members are all of them.
        for member in members {
            guard let index = Int(member.name), String(index) == member.name, bytes.indices.contains(index) else {
                throw .wrongType(field: field, expected: .bytes)
            }
            bytes[index] = try byte(member.value, field: field)
        }
        return bytes
    }

    private static func byte(_ value: JSONValue, field: String) throws(CredentialsImportError) -> UInt8 {
        guard case .number(let number) = value else { throw .wrongType(field: field, expected: .bytes) }
        guard let integer = JSONValue.integer(number), let byte = UInt8(exactly: integer) else {
            throw .invalidValue(field: field)
        }
        return byte
    }
}
