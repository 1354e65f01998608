import Foundation
import SwiftProtobuf
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// A companion asks its own phone for something.
    mutating func takePeerMessage(_ message: WAMessage, id: String, at number: String, from device: UInt16) {
        guard message.hasProtocolMessage else { return }
        let request = message.protocolMessage
        switch request.type {
        case .peerDataOperationRequestMessage:
            let operation = request.peerDataOperationRequestMessage
            switch operation.peerDataOperationRequestType {
            case .placeholderMessageResend:
                giveMessages(operation.placeholderMessageResendRequest, id: id, at: number, to: device)
            case .historySyncOnDemand:
                answerHistory(operation.historySyncOnDemandRequest, of: number, to: device)
            case .companionSyncdSnapshotFatalRecovery:
                answerRecovery(operation.syncdCollectionFatalRecoveryRequest, id: id, of: number, to: device)
            default: break
            }
        case .appStateSyncKeyRequest: answer(request.appStateSyncKeyRequest, of: number, to: device)
        default: break
        }
    }

    /// Messages that the companion could not decrypt, from the phone's own log; what it does not have is left out.
    private mutating func giveMessages(
        _ requests: [WAPeerDataOperationRequestMessage.PlaceholderMessageResendRequest],
        id: String,
        at number: String,
        to device: UInt16
    ) {
        guard let phone = phones[number] else { return }
        var answer = WAMessage()
        answer.protocolMessage.type = .peerDataOperationRequestResponseMessage
        answer.protocolMessage.peerDataOperationRequestResponseMessage.stanzaID = id
        answer.protocolMessage.peerDataOperationRequestResponseMessage.peerDataOperationRequestType =
            .placeholderMessageResend
        for request in requests.prefix(100) {
            guard
                let entry = phone.log.entry(request.messageKey.id),
                let bytes: Data = try? webMessage(entry, of: phone).serializedBytes()
            else { continue }
            var result = WAPeerDataOperationResult()
            result.placeholderMessageResendResponse.webMessageInfoBytes = bytes
            answer.protocolMessage.peerDataOperationRequestResponseMessage.peerDataOperationResult.append(result)
        }
        _ = try? sendPeerMessage(answer, from: number, toDevice: device)
    }

    /// A message of a phone's log as it is handed on to companions.
    func webMessage(_ entry: PhoneLog.Entry, of phone: Phone) -> WAWebMessageInfo {
        var info = WAWebMessageInfo()
        info.key = messageKey(of: entry, for: phone)
        info.message = entry.content
        info.messageTimestamp = UInt64(max(0, entry.time.timeIntervalSince1970))
        if let name = phones[entry.author.number]?.name { info.pushName = name }
        return info
    }

    /// How a phone names a message to others.
    func messageKey(of entry: PhoneLog.Entry, for phone: Phone) -> WAMessageKey {
        var key = WAMessageKey()
        key.remoteJid = wireName(entry.chat, for: phone).description
        key.fromMe = entry.isOwn
        key.id = entry.id
        if entry.chat.server == .group {
            key.participant = wireName(JID(user: entry.author.number, server: .user), for: phone).description
        }
        return key
    }
}
