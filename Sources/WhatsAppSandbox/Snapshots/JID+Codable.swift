import WhatsAppWire

extension JID: Codable {
    package init(from decoder: any Decoder) throws {
        let values = try decoder.singleValueContainer()
        guard let jid = JID(try values.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: values, debugDescription: "no JID")
        }
        self = jid
    }

    package func encode(to encoder: any Encoder) throws {
        var values = encoder.singleValueContainer()
        try values.encode(description)
    }
}
