import Foundation
import SignalProtocol
import WhatsAppCrypto
import WhatsAppProtobufs
import WhatsAppWire

extension ServerState {
    /// Files are said to be gone after so long.
    private static let mediaLifetime: TimeInterval = 30 * 86_400

    /// `<media_conn auth ttl auth_ttl max_buckets><host hostname type/></media_conn>`.
    mutating func mediaConnection(_ iq: BinaryNode, phone: Phone, on id: ConnectionID) {
        guard iq.child("media_conn") != nil else { return reply(to: iq, on: id) }
        let authorization = Base64URL.encode(randomBytes(24, using: &random))
        media.authorize(authorization, number: phone.account.number)
        reply(
            to: iq,
            children: [
                BinaryNode(
                    "media_conn",
                    [
                        "auth": .text(authorization), "ttl": "3600", "auth_ttl": "21600", "max_buckets": "12",
                        "id": "1",
                    ],
                    children: [
                        BinaryNode("host", ["hostname": .text(mediaHost(on: id)), "type": "primary"])
                    ]
                )
            ],
            on: id
        )
    }

    /// Where the client of a connection finds its files: surely reachable is the host that it has connected to.
    func mediaHost(on id: ConnectionID) -> String {
        guard !settings.isMediaHostGiven, let host = connections[id]?.host else { return settings.mediaHost }
        return host
    }

    /// A file has come whole.
    mutating func store(_ file: MediaLedger.File) -> (directPath: String, evicted: MediaLedger.File?) {
        media.add(file, expiry: now.addingTimeInterval(Self.mediaLifetime))
    }

    // MARK: Retries

    /// A companion asks its phone to upload again what the host has lost.
    ///
    /// Wire form: `<receipt type="server-error" id to><encrypt><enc_p/><enc_iv/></encrypt><rmr jid from_me/></receipt>`;
    /// the phone answers with a `mediaretry` notification.
    mutating func mediaRetry(_ receipt: BinaryNode, from device: DeviceAddress) {
        guard
            let messageID = receipt.attributes.text("id"), let phone = phones[device.number],
            let rmr = receipt.child("rmr"), let encrypted = receipt.child("encrypt")
        else { return }
        var notification = BinaryNode(
            "notification",
            ["type": "mediaretry", "id": .text(messageID), "from": .jid(phone.jid), "t": .text(String(unixTime))]
        )
        var answer = BinaryNode("error", ["code": "2"])
        let known = phone.media[messageID] ?? phone.log.entry(messageID).flatMap { KeptMedia.File($0.content) }
        if let known {
            answer = retryAnswer(encrypted, of: device.number, messageID: messageID, known) ?? answer
        }
        notification.content = .nodes([answer, rmr])
        deliver(notification, id: messageID, to: device)
    }

    private mutating func retryAnswer(
        _ encrypted: BinaryNode,
        of number: String,
        messageID: String,
        _ known: KeptMedia.File
    ) -> BinaryNode? {
        guard
            let payload = encrypted.child("enc_p")?.bytes, let iv = encrypted.child("enc_iv")?.bytes,
            let cipher = try? MediaRetryCipher(mediaKey: known.mediaKey, messageID: messageID)
        else { return nil }
        let request = MediaRetryCipher.Sealed(payload: payload, initializationVector: iv)
        var answer = WAMediaRetryNotification()
        answer.stanzaID = messageID
        if (try? cipher.isRequest(request)) != true {
            answer.result = .decryptionError
        } else if let path = media.restore(known.directPath, expiry: now.addingTimeInterval(Self.mediaLifetime)) {
            answer.result = .success
            answer.directPath = path
            phones[number]?.media.remember(
                KeptMedia.File(mediaKey: known.mediaKey, directPath: path),
                messageID: messageID
            )
        } else {
            answer.result = .notFound
        }
        let sealed = try? cipher.seal(answer, initializationVector: randomBytes(12, using: &random))
        return sealed.map { sealed in
            BinaryNode(
                "encrypt",
                children: [
                    BinaryNode("enc_p", bytes: sealed.payload),
                    BinaryNode("enc_iv", bytes: sealed.initializationVector),
                ]
            )
        }
    }
}
