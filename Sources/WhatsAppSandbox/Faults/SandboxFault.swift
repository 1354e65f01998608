/// Something that goes wrong on purpose.
///
/// The first group happens at once to the connections in scope; the second stands until its times are used up or it is cleared.
package enum SandboxFault: Sendable, Equatable {
    // At once.
    /// The socket closes without a word.
    case drop
    /// `<stream:error [code]>[<conflict type/>]</stream:error>`, then the end.
    case streamError(code: Int?, conflict: String?)
    case xmlStreamEnd
    /// The references on show are void, as after their time.
    case expireReferences
    /// The phone unlinks the device, or all of them.
    case revokeDevice
    /// companion_reg_refresh; a secret seen before is no longer taken.
    case rotateSecret
    /// The code on the companion's screen is void.
    case refreshCode(forcedByHand: Bool)
    /// Every connection of the server closes.
    case serverRestart
    /// The last messages come once more.
    case replayMessages
    /// The phone is set up anew, with another identity and without companions.
    case reinstall

    // Standing.
    case dropAtPairDevice
    case dropAtPairSuccess
    case dropAtLogin
    case refuseLogin(reason: Int, attributes: [String: String])
    /// What the server writes comes later.
    case delay(milliseconds: Int, DelayedPart)
    case wrongCertificate(CertificateFlaw)
    case badHMAC
    case badAccountSignature
    /// companion_reg_refresh when a phone scans; the scanned secret is not taken.
    case rotateAtScan
    case pairingCodeError(code: Int, backoff: Int?)
    case duplicatePrimaryHello
    case closeWithoutRestart
    case restartWithoutClose
    /// Frames are cut over several WebSocket messages, also in the middle of their length (which whatsmeow cannot read).
    case splitFrames
    /// What is sent together shares one WebSocket message.
    case joinFrames
    case compressStanzas
    /// Requests of this namespace, and child where given, get no answer.
    case mute(namespace: String, child: String?)
    /// Bundles come without a one-time key.
    case exhaustPreKeys
    /// A device's one-time keys are not taken.
    case refusePreKeys(code: Int)
    /// A message comes twice.
    case duplicateMessage
    /// A message is overtaken by the next one.
    case reorderMessages
    /// A message's ciphertext is changed on the way.
    case corruptMessage
    /// A message is relayed, but its sender gets no ack.
    case loseAck
    /// A message is not relayed; the ack carries this error.
    case refuseMessage(code: Int)
    /// Whoever asks for the devices of the account learns of its phone alone.
    case staleDevices
    case media(MediaFault)

    package enum DelayedPart: String, Sendable, CaseIterable {
        case stanzas
        case handshake
        case all
    }

    /// Whether it is over as soon as it has happened.
    package var isImmediate: Bool {
        switch self {
        case .drop, .streamError, .xmlStreamEnd, .expireReferences, .revokeDevice, .rotateSecret, .refreshCode,
            .serverRestart, .replayMessages, .reinstall:
            true
        default: false
        }
    }

    /// How often it happens when nobody says: shaping and silence last, mistakes happen once.
    package var usualTimes: Int? {
        switch self {
        case .delay, .splitFrames, .joinFrames, .compressStanzas, .mute, .exhaustPreKeys, .staleDevices: nil
        default: 1
        }
    }
}

/// Whom a fault concerns.
package struct FaultScope: Sendable, Equatable {
    /// Everybody when nil.
    package var number: String?
    /// Every device of the number when nil.
    package var device: UInt16?

    package init(number: String? = nil, device: UInt16? = nil) {
        self.number = number
        self.device = device
    }

    func covers(number: String?, device: UInt16?) -> Bool {
        (self.number == nil || self.number == number) && (self.device == nil || self.device == device)
    }
}

/// A standing fault.
package struct ActiveFault: Sendable, Equatable {
    package let id: Int
    package let fault: SandboxFault
    package let scope: FaultScope
    /// Nil: until it is cleared.
    package internal(set) var remaining: Int?
}

/// What an injected fault has come to.
package enum FaultReceipt: Sendable, Equatable {
    /// It happened to that many connections or devices.
    case done(affected: Int)
    case standing(ActiveFault)
}
