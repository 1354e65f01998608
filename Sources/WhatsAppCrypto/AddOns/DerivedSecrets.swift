internal import Crypto
internal import Foundation
package import WhatsAppWire

/// The secret of a conversation with a bot: all its answers are sealed with keys from it.
package enum BotSecret {
    package static func derive(from messageSecret: some Collection<UInt8>) -> [UInt8] {
        HKDF<SHA256>
            .deriveKey(
                inputKeyMaterial: SymmetricKey(data: Data(messageSecret)),
                info: Data("Bot Message".utf8),
                outputByteCount: 32
            )
            .withUnsafeBytes { Array($0) }
    }
}

/// What a message to a stranger carries where no trusted-contact token is known (`cstoken`).
package enum ContactToken {
    /// HMAC-SHA256 of the recipient's bare LID under the account's salt.
    package static func make(salt: some Collection<UInt8>, recipient lid: JID) -> [UInt8] {
        Array(
            HMAC<SHA256>
                .authenticationCode(
                    for: Data(lid.withoutDevice.description.utf8),
                    using: SymmetricKey(data: Data(salt))
                )
        )
    }
}

/// How poll votes name the options: SHA-256 of the option's text.
package enum PollOption {
    package static func hash(_ name: String) -> [UInt8] {
        Array(SHA256.hash(data: Data(name.utf8)))
    }
}
