/// The bytes that say what follows, where it is not a token.
enum WireTag {
    static let listEmpty: UInt8 = 0
    /// From 236 to 239.
    static let firstDictionary: UInt8 = 236
    static let lastDictionary: UInt8 = 239
    static let interopJID: UInt8 = 245
    static let messengerJID: UInt8 = 246
    static let deviceJID: UInt8 = 247
    static let list8: UInt8 = 248
    static let list16: UInt8 = 249
    static let jidPair: UInt8 = 250
    static let hex8: UInt8 = 251
    static let binary8: UInt8 = 252
    static let binary20: UInt8 = 253
    static let binary32: UInt8 = 254
    static let nibble8: UInt8 = 255

    /// The longest packed string, in characters.
    static let packedMaximum = 127
}
