internal import Crypto
internal import Foundation
internal import SignalProtocol
internal import SwiftProtobuf
internal import WhatsAppProtobufs
internal import WhatsAppWire

/// What the last message of the handshake tells the service: who connects, and with which client.
enum ClientPayloads {
    /// For a device that is not linked yet.
    static func registration(_ credentials: Credentials, profile: ClientProfile) -> [UInt8] {
        let version = profile.versions.current
        var payload = common(version)
        payload.passive = false
        payload.pull = false
        payload.devicePairingData = .with {
            $0.eRegid = Data(bigEndian(credentials.registrationID, count: 4))
            $0.eKeytype = Data([0x05])
            $0.eIdent = Data(credentials.identityKey.publicKey)
            $0.eSkeyID = Data(bigEndian(credentials.signedPreKey.id, count: 3))
            $0.eSkeyVal = Data(credentials.signedPreKey.keyPair.publicKey)
            $0.eSkeySig = Data(credentials.signedPreKey.signature)
            $0.buildHash = Data(Insecure.MD5.hash(data: Data(version.description.utf8)))
            $0.deviceProps = Data(serialized(deviceProps(profile)))
        }
        return serialized(payload)
    }

    /// For a linked device.
    ///
    /// Nil when it is not linked, or its JID holds no number.
    ///
    /// `passive`: the service keeps the backlog back until the connection is made active.
    static func login(_ credentials: Credentials, profile: ClientProfile) -> [UInt8]? {
        guard let account = credentials.account, let username = UInt64(account.jid.user) else { return nil }
        var payload = common(profile.versions.current)
        payload.username = username
        payload.device = UInt32(account.jid.device)
        payload.passive = true
        payload.pull = true
        payload.lc = credentials.loginCount
        if let name = account.pushName { payload.pushName = name }
        return serialized(payload)
    }

    private static func common(_ version: ClientVersion) -> WAClientPayload {
        .with {
            $0.connectType = .wifiUnknown
            $0.connectReason = .userActivated
            $0.userAgent = .with {
                $0.platform = .web
                $0.appVersion = .with {
                    $0.primary = version.primary
                    $0.secondary = version.secondary
                    $0.tertiary = version.tertiary
                }
                $0.mcc = "000"
                $0.mnc = "000"
                $0.osVersion = "0.1"
                $0.manufacturer = ""
                $0.device = "Desktop"
                $0.osBuildNumber = "0.1"
                $0.releaseChannel = .release
                $0.localeLanguageIso6391 = "en"
                $0.localeCountryIso31661Alpha2 = "US"
            }
            $0.webInfo = .with { $0.webSubPlatform = .webBrowser }
        }
    }

    private static func deviceProps(_ profile: ClientProfile) -> WADeviceProps {
        .with {
            $0.os = profile.deviceName
            $0.version = .with {
                $0.primary = 0
                $0.secondary = 1
                $0.tertiary = 0
            }
            $0.platformType =
                switch profile.browser {
                case .chrome: .chrome
                case .edge: .edge
                case .firefox: .firefox
                case .opera: .opera
                case .safari: .safari
                }
            $0.requireFullSync = false
            $0.historySyncConfig = .with {
                $0.storageQuotaMb = 10_240
                $0.inlineInitialPayloadInE2EeMsg = true
                $0.supportCallLogHistory = true
                $0.supportBotUserAgentChatHistory = true
                $0.supportCagReactionsAndPolls = true
                $0.supportBizHostedMsg = true
                $0.supportRecentSyncChunkMessageCountTuning = true
                $0.supportHostedGroupMsg = true
                $0.supportFbidBotChatHistory = true
                $0.supportMessageAssociation = true
                $0.supportGroupHistory = true
                $0.thumbnailSyncDaysLimit = 60
            }
        }
    }
}

/// The lowest `count` bytes of a number, most significant first.
func bigEndian(_ number: UInt32, count: Int) -> [UInt8] {
    (0..<count).reversed().map { UInt8(truncatingIfNeeded: number >> (8 * UInt32($0))) }
}

/// The bytes of a message of our own schema, which has no required field that could be missing.
func serialized(_ message: some SwiftProtobuf.Message) -> [UInt8] {
    (try? message.serializedBytes()) ?? []
}
