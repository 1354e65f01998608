extension Site {
    /// Everything about the commands of bots.
    static func commandRoutes(_ desk: CommandDesk) -> [Route] {
        SwitchPages(desk: desk).routes
            + ConductPages(desk: desk).routes
            + ChatPages(desk: desk).routes
            + ActivityPages(desk: desk).routes
            + CommandAPI(control: desk.control).routes
            + ConductAPI(control: desk.control).routes
    }
}
