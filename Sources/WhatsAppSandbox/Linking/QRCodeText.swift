import Foundation

/// What a QR code of a companion says.
///
/// Text: `[https://wa.me/settings/linked_devices#]ref,noise,identity,secret[,client type][,https://…]`, the three keys as
/// base64 of 32 bytes. Clients that show four fields without a client type are accepted unless the phone is strict, as
/// present phones are. The fields are counted from the end, since a reference is opaque and may hold commas.
struct QRCodeText: Sendable, Equatable {
    let reference: String
    let noisePublicKey: [UInt8]
    let identityPublicKey: [UInt8]
    let advSecret: [UInt8]
    /// Nil in the older form of four fields.
    let clientType: String?

    static let maximumLength = 2_048

    init(parsing text: String, strict: Bool) throws(SandboxError) {
        guard text.utf8.count <= Self.maximumLength else { throw Self.invalid("The text is too long for a QR code.") }
        var body = text.trimmingCharacters(in: .whitespacesAndNewlines)[...]
        if body.hasPrefix("https://") || body.hasPrefix("http://"), let mark = body.firstIndex(of: "#") {
            body = body[body.index(after: mark)...]
        }
        if let link = body.range(of: ",https://", options: .backwards) { body = body[..<link.lowerBound] }
        var fields = body.split(separator: ",", omittingEmptySubsequences: false)
        var clientType: String?
        if let last = fields.last, last.utf8.count <= 2 {
            guard !last.isEmpty else { throw Self.invalid("The last field is empty.") }
            clientType = String(last)
            fields.removeLast()
        }
        guard fields.count >= 4 else {
            throw Self.invalid("A QR code has a reference, three keys and a client type, separated by commas.")
        }
        if strict, clientType == nil {
            throw Self.invalid("A fifth field with the client type is missing; present phones refuse such a code.")
        }
        advSecret = try Self.key(fields[fields.count - 1], named: "ADV secret")
        identityPublicKey = try Self.key(fields[fields.count - 2], named: "identity key")
        noisePublicKey = try Self.key(fields[fields.count - 3], named: "noise key")
        reference = fields.dropLast(3).joined(separator: ",")
        guard !reference.isEmpty else { throw Self.invalid("The reference is empty.") }
        self.clientType = clientType
    }

    private static func key(_ field: Substring, named name: String) throws(SandboxError) -> [UInt8] {
        guard let bytes = Data(base64Encoded: String(field)), bytes.count == 32 else {
            throw invalid("The \(name) is not base64 of 32 bytes.")
        }
        return Array(bytes)
    }

    private static func invalid(_ reason: String) -> SandboxError {
        .invalid(field: "qr", reason: reason)
    }
}
