import Crypto
import Foundation
import NIOCore

/// Encodes X.509 certificates (RFC 5280) with P-256 keys.
enum TLSCertificate {
    enum Role: Equatable {
        case authority
        /// Host names and addresses.
        case server(names: [String])
    }

    struct Contents {
        let subject: String
        let subjectKey: P256.Signing.PublicKey
        let notBefore: Date
        let notAfter: Date
        let role: Role
    }

    private enum Identifier {
        static let ecdsaWithSHA256: [UInt8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
        static let commonName: [UInt8] = [0x55, 0x04, 0x03]
        static let subjectKey: [UInt8] = [0x55, 0x1d, 0x0e]
        static let keyUsage: [UInt8] = [0x55, 0x1d, 0x0f]
        static let alternativeNames: [UInt8] = [0x55, 0x1d, 0x11]
        static let basicConstraints: [UInt8] = [0x55, 0x1d, 0x13]
        static let authorityKey: [UInt8] = [0x55, 0x1d, 0x23]
        static let extendedKeyUsage: [UInt8] = [0x55, 0x1d, 0x25]
        static let serverAuthentication: [UInt8] = [0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x03, 0x01]
    }

    /// DER of the signed certificate.
    static func encode(
        _ contents: Contents,
        issuer: String,
        signedBy key: P256.Signing.PrivateKey
    ) throws -> [UInt8] {
        let algorithm = DER.sequence(DER.object(Identifier.ecdsaWithSHA256))
        var serial = SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
        serial[0] &= 0x7f
        let body = DER.sequence(
            DER.tagged(0, DER.integer([2])),
            DER.integer(serial),
            algorithm,
            distinguishedName(issuer),
            DER.sequence(DER.time(contents.notBefore), DER.time(contents.notAfter)),
            distinguishedName(contents.subject),
            Array(contents.subjectKey.derRepresentation),
            DER.tagged(3, extensions(contents, issuerKey: key.publicKey))
        )
        let signature = try key.signature(for: Data(body))
        return DER.sequence(body, algorithm, DER.bits(Array(signature.derRepresentation)))
    }

    private static func distinguishedName(_ text: String) -> [UInt8] {
        DER.sequence(DER.set(DER.sequence(DER.object(Identifier.commonName), DER.text(text))))
    }

    private static func extensions(_ contents: Contents, issuerKey: P256.Signing.PublicKey) -> [UInt8] {
        let shared =
            item(Identifier.subjectKey, DER.octets(keyIdentifier(contents.subjectKey)))
            + item(Identifier.authorityKey, DER.sequence(DER.implicit(0, keyIdentifier(issuerKey))))
        switch contents.role {
        case .authority:
            return DER.sequence(
                item(Identifier.basicConstraints, DER.sequence(DER.yes), isCritical: true),
                // keyCertSign and cRLSign.
                item(Identifier.keyUsage, DER.bits([0x06], unused: 1), isCritical: true),
                shared
            )
        case .server(let names):
            return DER.sequence(
                item(Identifier.basicConstraints, DER.sequence(), isCritical: true),
                // digitalSignature.
                item(Identifier.keyUsage, DER.bits([0x80], unused: 7), isCritical: true),
                item(Identifier.extendedKeyUsage, DER.sequence(DER.object(Identifier.serverAuthentication))),
                item(Identifier.alternativeNames, DER.sequence(names.flatMap(alternativeName))),
                shared
            )
        }
    }

    private static func item(_ identifier: [UInt8], _ value: [UInt8], isCritical: Bool = false) -> [UInt8] {
        DER.sequence(DER.object(identifier), isCritical ? DER.yes : [], DER.octets(value))
    }

    private static func keyIdentifier(_ key: P256.Signing.PublicKey) -> [UInt8] {
        Array(Insecure.SHA1.hash(data: key.x963Representation))
    }

    /// A DNS name, or an address in binary form.
    private static func alternativeName(_ name: String) -> [UInt8] {
        switch try? SocketAddress(ipAddress: name, port: 0) {
        case .v4(let address):
            DER.implicit(7, withUnsafeBytes(of: address.address.sin_addr) { Array($0) })
        case .v6(let address):
            DER.implicit(7, withUnsafeBytes(of: address.address.sin6_addr) { Array($0) })
        default: DER.implicit(2, Array(name.utf8))
        }
    }
}
