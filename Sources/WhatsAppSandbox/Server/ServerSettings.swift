/// Times and limits of the service.
struct ServerSettings: Sendable {
    /// How long a connection may show its references.
    var referenceLifetime = Duration.seconds(160)
    var codeLifetime = Duration.seconds(180)
    /// How long a phone waits for the companion to answer a scan.
    var linkTimeout = Duration.seconds(30)
    /// How long a phone waits for the companion after the code was typed.
    var codeTimeout = Duration.seconds(60)
    /// How often a code may be typed before the companion must ask for another.
    var codeTries = 3
    var references = 6
    /// How long a message waits for another to overtake it.
    var holdLimit = Duration.seconds(2)
    var deviceLimit = 4
    /// Whether new groups address their members by LID.
    var groupsUseLIDs = true
    /// Whether phones refuse QR codes of four fields.
    var strictQR = false
    /// Whether phones send keys and history to companions that are new.
    var welcomesCompanions = true
    /// Name, perhaps with a port, of the host that media requests are told to use.
    var mediaHost: String
    /// Whether ``mediaHost`` holds for everybody; else a client is told the host that it has connected to.
    var isMediaHostGiven = false
}
