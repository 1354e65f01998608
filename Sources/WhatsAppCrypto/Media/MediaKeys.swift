internal import Crypto
internal import Foundation

/// What a media key expands to: HKDF-SHA256 over 32 random bytes with the text of the kind.
package struct MediaKeys: Sendable {
    package let initializationVector: [UInt8]
    package let cipherKey: [UInt8]
    package let macKey: [UInt8]

    package static let mediaKeyLength = 32

    package init(mediaKey: some Collection<UInt8>, kind: MediaKind) throws(MediaCryptoError) {
        guard mediaKey.count == Self.mediaKeyLength else { throw .invalidKeyLength(mediaKey.count) }
        let expanded = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: Array(mediaKey)),
            info: Array(kind.keyInfo.utf8),
            outputByteCount: 80
        )
        let bytes = expanded.withUnsafeBytes { Array($0) }
        initializationVector = Array(bytes[..<16])
        cipherKey = Array(bytes[16..<48])
        macKey = Array(bytes[48..<80])
    }
}
