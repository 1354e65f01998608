internal import Foundation
internal import SignalProtocol
internal import WhatsAppWire

extension LinkingEngine {
    /// Takes the references of `pair-device` and shows the first.
    mutating func take(_ offer: BinaryNode, of request: BinaryNode, now: Date) -> [Action] {
        var actions = send(Stanzas.result(for: request))
        references = offer.children("ref").prefix(Self.maximumReferences).compactMap { node in
            node.text.flatMap { $0.isEmpty || $0.utf8.count > Self.maximumReferenceLength ? nil : $0 }
        }
        referenceIndex = 0
        actions += [.cancel(.handshake)]
        if !isReady {
            isReady = true
            actions += [.emit(.ready)]
        }
        return actions + showReference(now: now)
    }

    /// The next reference of the batch; after the last one the connection ends, unless something else still needs it.
    mutating func nextReference(now: Date) -> [Action] {
        referenceIndex += 1
        return showReference(now: now)
    }

    /// Replaces the secret and draws the current reference again, for what remains of its time.
    mutating func replaceSecret(now: Date) -> [Action] {
        // The phone has the key bundle already: another secret would not fit to it.
        if codeFlow?.stage == .finishing { return [] }
        credentials.advSecret = .random(count: 32, using: &random)
        guard references.indices.contains(referenceIndex), referenceEnd > now else { return [] }
        return [qrEvent(validFor: .seconds(referenceEnd.timeIntervalSince(now)))]
    }

    private mutating func showReference(now: Date) -> [Action] {
        guard references.indices.contains(referenceIndex) else {
            return isBusy ? [] : end(.referencesExhausted)
        }
        let lifetime = PairingQR.lifetime(ofReferenceAt: referenceIndex)
        referenceEnd = now.addingTimeInterval(Double(lifetime.components.seconds))
        return [qrEvent(validFor: lifetime), .schedule(.reference, after: lifetime)]
    }

    private func qrEvent(validFor: Duration) -> Action {
        let text = PairingQR.text(
            reference: references[referenceIndex],
            credentials: credentials,
            clientType: profile.browser.clientType
        )
        return .emit(.qr(text: text, validFor: validFor))
    }

    /// Ends the connection when its references are used up and nothing else keeps it.
    mutating func endIfExhausted() -> [Action] {
        let isExhausted = isReady && !references.indices.contains(referenceIndex)
        return isExhausted && !isBusy && !isPaired ? end(.referencesExhausted) : []
    }
}
