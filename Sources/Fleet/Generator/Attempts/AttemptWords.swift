import WhatsApp

/// What a person is told at each step: what happens, and what they can do.
enum AttemptWords {
    static let connecting = "Connecting to WhatsApp. There is nothing to do yet."
    static let scan = """
        Take the phone, open WhatsApp, go to Settings (or the three dots), Linked devices, Link a device, and scan the QR code.
        """
    static let askForCode = """
        Enter your phone number with its country code and ask for a pairing code, or scan the QR code instead.
        """
    static let enterCode = """
        Take the phone, open WhatsApp, go to Settings (or the three dots), Linked devices, Link a device, Link with phone \
        number instead, and type the code.
        """
    static let linking = "The phone has accepted. Keep WhatsApp open on it until this page shows the session ID."
    static let done = """
        Linked. Copy the session ID or save the file now, then confirm that you have it: it is erased here after that. \
        Whoever has it can read and write as you. To take it back, remove the device under Linked devices on the phone.
        """
    static let restarting = "The QR code has run out. A new one is being fetched; there is nothing to do."
    static let unreachable = """
        WhatsApp cannot be reached at the moment. It is tried again by itself; there is nothing to do yet.
        """
    static let afterPasskey =
        "The time for the passkey is over. A new QR code is being fetched; there is nothing to do."
    static let restartingWithCode = """
        The connection was lost and the pairing code with it. It is being made anew; ask for another code when it is there.
        """
    static let expired = "The time is over and everything of this attempt is erased. Start a new try."
    static let passkey = """
        WhatsApp asks for the passkey of this account. A passkey works on WhatsApp's own pages alone, so this page cannot \
        use it. If you have an app or a browser extension that can answer for web.whatsapp.com, hand its answer over here; \
        otherwise remove the passkey on the phone under Settings, Account, Passkeys, start a new try, and add it again later.
        """
    static let passkeyConfirmation = """
        The phone shows a code. Compare it with the one here, and confirm only when they are the same.
        """
    static let codeExpired = GeneratorEvent.Problem(
        code: "generator.code_expired",
        message: "The pairing code was not used in time. Ask for a new one, or scan the QR code.",
        retryAfter: nil
    )
    static let internalProblem = GeneratorEvent.Problem(
        code: "generator.failed",
        message: "Something went wrong on this server. Start a new try; if it happens again, tell whoever runs it.",
        retryAfter: nil
    )
}
