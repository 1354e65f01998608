internal import Crypto
package import Foundation

/// The keys that accounts need, all made from one secret that is not in the database.
package struct AccountKeys: Sendable {
    let limits: SymmetricKey
    let accessTokens: SymmetricKey
    let secondFactors: SymmetricKey
    /// For the tokens of the web pages' forms.
    let forms: [UInt8]

    /// Takes at least 32 random bytes; processes that share a database need the same.
    package init(secret: some ContiguousBytes) {
        let base = SymmetricKey(data: secret)
        func derived(_ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: base,
                info: Array("wharf accounts: \(purpose)".utf8),
                outputByteCount: 32
            )
        }
        limits = derived("limits")
        accessTokens = derived("access tokens")
        secondFactors = derived("second factors")
        forms = derived("forms").withUnsafeBytes { Array($0) }
    }
}
