/* vpcd's virtual reader, made to behave like a USB one: it notices cards at once, and it can be unplugged.
 *
 * pcscd loads this as the reader's driver; what is not here is done by vpcd's own driver, with which it is
 * linked. The reader is unplugged while there is a file of the driver's own name + ".unplugged"; no card answers
 * its reset while there is one + ".mute".
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <ifdhandler.h>

#define LOOK_EVERY_US 5000

static int is(const char *state)
{
    char path[4096];
    Dl_info self;

    if (!dladdr((void *)is, &self))
        return 0;
    snprintf(path, sizeof path, "%s.%s", self.dli_fname, state);
    return access(path, F_OK) == 0;
}

/* pcscd calls this in a thread of the reader's own, and looks for the card whenever it returns. */
static RESPONSECODE wait_for_change(DWORD lun, int timeout)
{
    (void)lun;
    (void)timeout;
    usleep(LOOK_EVERY_US);
    return is("unplugged") ? IFD_NO_SUCH_DEVICE : IFD_SUCCESS;
}

RESPONSECODE IFDHGetCapabilities(DWORD lun, DWORD tag, PDWORD length, PUCHAR value)
{
    RESPONSECODE (*of_vpcd)(DWORD, DWORD, PDWORD, PUCHAR) = dlsym(RTLD_NEXT, "IFDHGetCapabilities");
    RESPONSECODE (*polling)(DWORD, int) = wait_for_change;

    if (tag != TAG_IFD_POLLING_THREAD_WITH_TIMEOUT)
        return of_vpcd(lun, tag, length, value);
    memcpy(value, &polling, sizeof polling);
    *length = sizeof polling;
    return IFD_SUCCESS;
}

RESPONSECODE IFDHICCPresence(DWORD lun)
{
    RESPONSECODE (*of_vpcd)(DWORD) = dlsym(RTLD_NEXT, "IFDHICCPresence");

    return is("unplugged") ? IFD_NO_SUCH_DEVICE : of_vpcd(lun);
}

RESPONSECODE IFDHPowerICC(DWORD lun, DWORD action, PUCHAR atr, PDWORD length)
{
    RESPONSECODE (*of_vpcd)(DWORD, DWORD, PUCHAR, PDWORD) = dlsym(RTLD_NEXT, "IFDHPowerICC");

    if (action != IFD_POWER_DOWN && is("mute"))
        return IFD_ERROR_POWER_ACTION;
    return of_vpcd(lun, action, atr, length);
}
